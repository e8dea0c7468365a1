import { requireCapability } from '../core/capabilities.ts';
import type { OperationContext } from '../core/operationContext.ts';
import { withoutLastStep } from '../core/restoreLog.ts';
import type { RestoreReport } from '../core/restorePlan.ts';
import type { CheckpointStore, InterruptedRestore } from '../core/store.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

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

/**
 * Ends it: `finish` goes on to its target, `rollBack` returns to the state before it. Afterwards undo and redo do what they
 * would do had it ended by itself, or had it never begun.
 */
export async function recoverRestore(
  session: WorkspaceSession,
  { store, interrupted }: FoundInterruption,
  how: 'finish' | 'rollBack',
  context?: OperationContext,
): Promise<RestoreReport> {
  const report = await requireCapability(store.capabilities.restoreFiles).recover(how, context);
  if (how === 'rollBack') {
    await session.restores.update((records) => withoutLastStep(records, interrupted));
  }
  return report;
}
