import { CheckpointError } from '../../core/error.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import { deleteSnapshot } from './incusRequests.ts';
import { type InstanceAccess, requireSnapshot } from './instanceAccess.ts';
import type { Snapshot } from './snapshotCheckpoint.ts';

/** One after the other; what Incus says is not trusted, the list afterwards is. */
export function deleteSnapshots(
  access: InstanceAccess,
  ids: readonly string[],
  context?: OperationContext,
): Promise<void> {
  return access.change(async (now) => {
    const snapshots = ids.map((id) => requireSnapshot(now, id));
    const failure = await deleteEach(access, snapshots, context);
    const left = new Set((await access.read()).snapshots.map(({ checkpoint }) => checkpoint.id));
    const remaining = snapshots.filter(({ checkpoint }) => left.has(checkpoint.id));
    if (failure !== undefined || remaining.length > 0) {
      throw incomplete(snapshots, remaining, failure);
    }
  }, context);
}

async function deleteEach(
  access: InstanceAccess,
  snapshots: readonly Snapshot[],
  context?: OperationContext,
): Promise<unknown> {
  for (const [done, { wire }] of snapshots.entries()) {
    context?.onProgress?.({ message: `Deleting "${wire.name}"`, done, total: snapshots.length });
    try {
      await access.client.run(deleteSnapshot(access.place.name, wire.name), context);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

function incomplete(snapshots: readonly Snapshot[], remaining: readonly Snapshot[], failure: unknown): CheckpointError {
  const deleted = snapshots.filter((snapshot) => !remaining.includes(snapshot)).map(({ checkpoint }) => checkpoint.id);
  if (failure instanceof CheckpointError) {
    const { reason, message, hint, details } = failure;
    const more = { details: { ...details, deleted }, cause: failure };
    return new CheckpointError(reason, message, hint === undefined ? more : { ...more, hint });
  }
  const names = remaining.map(({ wire }) => wire.name);
  return new CheckpointError('commandFailed', `Incus still lists ${names.join(', ')} after deleting.`, {
    details: { deleted },
    cause: failure,
  });
}
