import type { Checkpoint } from '../../../core/checkpoint.ts';
import { CheckpointError } from '../../../core/error.ts';
import { normalizeLabel } from '../../../core/label.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import type { Annotation } from '../../../core/store.ts';
import type { CheckpointMetadata } from './checkpointCommit.ts';
import { chooseName } from './checkpointNames.ts';
import { metadataOf, writeCommit } from './createCheckpoint.ts';
import type { StoreParts } from '../storeParts.ts';
import { toCheckpoint } from './toCheckpoint.ts';

/** Writes another commit with the same tree for the checkpoint's ref: its id and place in the order stay. */
export function annotateCheckpoint(
  parts: StoreParts,
  id: string,
  annotation: Annotation,
  context?: OperationContext,
): Promise<Checkpoint> {
  return parts.lock.run(async () => {
    const line = await parts.catalog.get(id);
    const others = metadataOf(await parts.catalog.read()).filter((other) => other.id !== id);
    const metadata: CheckpointMetadata = {
      ...line.metadata,
      ...newName(annotation.label, line.metadata, others),
      note: annotation.note ?? line.metadata.note,
      pinned: annotation.pinned ?? line.metadata.pinned,
    };
    const commit = await writeCommit(parts, line.root, metadata);
    const annotated = { ...line, commit, metadata };
    await parts.catalog.refs.write(id, commit);
    await parts.catalog.replace(annotated);
    return toCheckpoint(annotated);
  }, context);
}

function newName(
  title: string | undefined,
  present: CheckpointMetadata,
  others: readonly CheckpointMetadata[],
): { name: string; label: string } {
  if (title === undefined || normalizeLabel(title) === present.label) {
    return present;
  }
  if (normalizeLabel(title) === '') {
    throw new CheckpointError('usage', 'A checkpoint needs a name.', { hint: 'Give at least one visible character.' });
  }
  const { name, label } = chooseName(title, others, new Date(present.createdAt));
  return { name, label };
}
