import { requireCapability } from '../core/capabilities.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { CheckpointStore } from '../core/store.ts';
import { storeOf } from './findCheckpoint.ts';
import { listTimeline } from './timeline.ts';

/** Which checkpoints "delete all" removes, and which stay because they are pinned. */
export interface DeleteAllPlan {
  readonly deleted: readonly Checkpoint[];
  readonly kept: readonly Checkpoint[];
}

/** Stores that cannot delete are left out of both lists. */
export async function planDeleteAll(stores: readonly CheckpointStore[]): Promise<DeleteAllPlan> {
  const able = stores.filter((store) => store.capabilities.delete.available);
  const all = await listTimeline(able);
  return {
    deleted: all.filter((checkpoint) => !checkpoint.pinned),
    kept: all.filter((checkpoint) => checkpoint.pinned),
  };
}

/** Deletes exactly these, pinned ones included: whoever names a checkpoint means it. */
export async function deleteCheckpoints(
  stores: readonly CheckpointStore[],
  checkpoints: readonly Checkpoint[],
  context?: OperationContext,
): Promise<void> {
  const byStore = Map.groupBy(checkpoints, (checkpoint) => storeOf(stores, checkpoint));
  const work = [...byStore].map(([store, members]) => ({
    remove: requireCapability(store.capabilities.delete),
    ids: members.map((member) => member.id),
  }));
  for (const { remove, ids } of work) {
    await remove(ids, context);
  }
}
