import { requireCapability } from '../core/capabilities.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { RestoreReport } from '../core/restorePlan.ts';
import type { CheckpointStore, InterruptedRestore } from '../core/store.ts';

/** A restore that ended half-way (a crash, a kill), with the store in which it happened. */
export interface FoundInterruption {
  readonly store: CheckpointStore;
  readonly interrupted: InterruptedRestore;
}

export async function findInterruptedRestore(
  stores: readonly CheckpointStore[],
): Promise<FoundInterruption | undefined> {
  for (const store of stores) {
    const { restoreFiles } = store.capabilities;
    const interrupted = restoreFiles.available ? await restoreFiles.use.interrupted() : undefined;
    if (interrupted !== undefined) {
      return { store, interrupted };
    }
  }
  return undefined;
}

/** Ends it: `finish` goes on to its target, `rollBack` returns to the state before it. Undo knows of it already. */
export function recoverRestore(
  found: FoundInterruption,
  how: 'finish' | 'rollBack',
  context?: OperationContext,
): Promise<RestoreReport> {
  return requireCapability(found.store.capabilities.restoreFiles).recover(how, context);
}
