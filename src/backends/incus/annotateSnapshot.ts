import type { Checkpoint } from '../../core/checkpoint.ts';
import { CheckpointError } from '../../core/error.ts';
import { freeName, NAME_RULE, nameFromLabel, normalizeLabel } from '../../core/label.ts';
import type { Annotation } from '../../core/store.ts';
import { nameTaken } from './createSnapshotCheckpoint.ts';
import { describeSnapshot, renameSnapshot, setSnapshotExpiry } from './incusRequests.ts';
import { type InstanceAccess, type InstanceNow, requireSnapshot } from './instanceAccess.ts';
import type { Snapshot } from './snapshotCheckpoint.ts';
import { formatDescription } from './snapshotDescription.ts';

/**
 * Label, note and pin. A new label renames the snapshot as well, so that the sandbox's own tool shows it too. A pinned
 * one does not expire any more.
 */
export function annotateSnapshot(access: InstanceAccess, id: string, annotation: Annotation): Promise<Checkpoint> {
  return access.change(async (now) => {
    const snapshot = requireSnapshot(now, id);
    const label = annotation.label === undefined ? undefined : normalizeLabel(annotation.label);
    if (label === '') {
      throw new CheckpointError('usage', 'A checkpoint needs a name.');
    }
    const name = label === undefined ? snapshot.wire.name : chooseName(now, snapshot, label);
    if (name !== snapshot.wire.name) {
      await access.client.run(renameSnapshot(now.instance.name, snapshot.wire.name, name));
    }
    await describe(access, now, snapshot, name, { ...annotation, ...(label === undefined ? {} : { label }) });
    if (annotation.pinned === true && expires(snapshot)) {
      await access.client.run(setSnapshotExpiry(now.instance.name, name, undefined));
    }
    return requireSnapshot(await access.read(), id).checkpoint;
  });
}

async function describe(
  access: InstanceAccess,
  now: InstanceNow,
  snapshot: Snapshot,
  name: string,
  annotation: Annotation,
): Promise<void> {
  const { note, facts } = snapshot.description;
  const label = annotation.label ?? facts.label;
  const changed = {
    note: annotation.note ?? note,
    facts: {
      ...facts,
      label: label === '' || label === name ? undefined : label,
      pinned: annotation.pinned ?? facts.pinned,
    },
  };
  await access.client.change(describeSnapshot(now.volume, name, formatDescription(changed, snapshot.wire.created_at)));
}

function chooseName({ snapshots, instance }: InstanceNow, { wire }: Snapshot, label: string): string {
  const taken = new Set(snapshots.map((other) => other.wire.name).filter((name) => name !== wire.name));
  if (NAME_RULE.test(label) && taken.has(label)) {
    throw nameTaken(label, instance.name);
  }
  const base = nameFromLabel(label);
  return base === '' ? wire.name : freeName(base, taken);
}

/** "Never" is the year 1. */
export function expires({ wire }: Snapshot): boolean {
  return wire.expires_at !== undefined && !wire.expires_at.startsWith('0001-');
}
