import { CheckpointError } from '../core/error.ts';
import { NOW, type StatePoint } from '../core/restorePlan.ts';
import type { CheckpointStore } from '../core/store.ts';
import type { Call } from './command.ts';

/**
 * Two states to compare: two checkpoints, or one and the folder as it is now.
 * @throws CheckpointError `usage` for checkpoints of different stores.
 */
export async function twoStates(
  call: Call,
  from: string,
  to: string | undefined,
): Promise<{ readonly from: StatePoint; readonly to: StatePoint; readonly store: CheckpointStore }> {
  const { checkpoint, store } = await call.find(from, 'files');
  if (to === undefined) {
    return { from: checkpoint.id, to: NOW, store };
  }
  const other = await call.find(to, 'files');
  if (other.store !== store) {
    throw new CheckpointError('usage', 'Only checkpoints of one store can be compared.');
  }
  return { from: checkpoint.id, to: other.checkpoint.id, store };
}
