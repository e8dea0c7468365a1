import { requireCapability } from '../core/capabilities.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { CheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { CheckpointStore } from '../core/store.ts';
import { storeOf } from './findCheckpoint.ts';

/**
 * Makes one checkpoint of several of one store.
 * @throws CheckpointError `usage` for fewer than two, or for checkpoints of different stores.
 */
export async function compactCheckpoints(
  stores: readonly CheckpointStore[],
  checkpoints: readonly Checkpoint[],
  label: string | undefined,
  context?: OperationContext,
): Promise<Checkpoint> {
  const ids = [...new Set(checkpoints.map((checkpoint) => checkpoint.id))];
  const [first] = checkpoints;
  if (first === undefined || ids.length < 2) {
    throw new CheckpointError('usage', 'Compacting takes at least two checkpoints.');
  }
  if (checkpoints.some((checkpoint) => checkpoint.store !== first.store)) {
    throw new CheckpointError('usage', 'Only checkpoints of one store can be compacted.');
  }
  return requireCapability(storeOf(stores, first).capabilities.compact)(ids, label, context);
}
