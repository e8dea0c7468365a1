import { CheckpointError } from '../../../core/error.ts';
import { automaticName, freeName, nameFromLabel, normalizeLabel } from '../../../core/label.ts';
import type { CheckpointMetadata } from './checkpointCommit.ts';

/**
 * Name and label of a checkpoint from the title that somebody gave, if any.
 * @throws CheckpointError `conflict` when the title is itself a valid name and another checkpoint has it.
 */
export function chooseName(
  title: string | undefined,
  others: readonly Pick<CheckpointMetadata, 'id' | 'name'>[],
  now: Date,
): { name: string; label: string } {
  const taken = new Set(others.map(({ name }) => name));
  const label = normalizeLabel(title ?? '');
  const derived = nameFromLabel(label);
  const same = others.find(({ name }) => name === label);
  if (same !== undefined) {
    throw new CheckpointError('conflict', `There is a checkpoint named "${label}" already.`, {
      hint: 'Choose another name.',
      details: { name: label, existing: same.id },
    });
  }
  const name = freeName(derived === '' ? automaticName(now) : derived, taken);
  return { name, label: label === '' ? name : label };
}
