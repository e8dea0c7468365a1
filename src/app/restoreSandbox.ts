import { requireCapability } from '../core/capabilities.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type {
  SandboxRestoreConsent,
  SandboxRestorePlan,
  SandboxRestorer,
  SandboxRestoreReport,
} from '../core/sandbox.ts';
import { sandboxRefusal } from '../core/sandboxRefusal.ts';
import type { CheckpointStore } from '../core/store.ts';
import type { FoundCheckpoint } from './findCheckpoint.ts';

/** What is about to happen, for the one question that is asked. */
export interface SandboxProposal {
  readonly target: Checkpoint;
  readonly plan: SandboxRestorePlan;
  /** Checkpoints that go because the storage cannot go back without that. */
  readonly later: readonly Checkpoint[];
}

export interface SandboxQuestions {
  /** Whether a sandbox that is not stopped may be stopped for the restore, as far as that is known before the question. */
  readonly mayStop: boolean;
  /** False gives up. Agreeing means everything that the proposal says, stopping and deleting included. */
  confirm(proposal: SandboxProposal): Promise<boolean>;
}

/** Whether restoring a checkpoint means to restore a sandbox. */
export function restoresSandbox({ capabilities: { sandbox } }: CheckpointStore): boolean {
  return sandbox.available && sandbox.use.restore.available;
}

/**
 * Puts the root file system of a sandbox back: plan, refuse what cannot be, confirm, then as one operation stop, safety
 * checkpoint, restore, start, and a look at what came of it. Files of the workspace stay as they are.
 * Undefined when the person gave up.
 * @throws CheckpointError `sandboxRunning` naming it, when it is not stopped and must not be; what stands in the way.
 */
export async function restoreSandbox(
  target: FoundCheckpoint,
  questions: SandboxQuestions,
  context?: OperationContext,
): Promise<SandboxRestoreReport | undefined> {
  const restorer = restorerOf(target);
  const proposal = await propose(target, restorer, context);
  const { plan } = proposal;
  const refusal = sandboxRefusal(plan, { stop: questions.mayStop, deleteLater: true });
  if (refusal !== undefined) {
    throw refusal;
  }
  if (!(await questions.confirm(proposal))) {
    return undefined;
  }
  // Only what was shown is agreed to: what came since is refused.
  const consent: SandboxRestoreConsent = {
    stop: plan.state !== 'stopped',
    deleteLater: plan.later.length > 0,
    safety: true,
    stateful: false,
  };
  return restorer.apply(target.checkpoint.id, consent, context);
}

/** What a restore would do, from reads only. */
export function previewSandboxRestore(target: FoundCheckpoint, context?: OperationContext): Promise<SandboxProposal> {
  return propose(target, restorerOf(target), context);
}

function restorerOf({ store }: FoundCheckpoint): SandboxRestorer {
  return requireCapability(requireCapability(store.capabilities.sandbox).restore);
}

async function propose(
  { checkpoint, store }: FoundCheckpoint,
  restorer: SandboxRestorer,
  context?: OperationContext,
): Promise<SandboxProposal> {
  const plan = await restorer.plan(checkpoint.id, context);
  const later = plan.later.length === 0 ? [] : await store.list(context);
  return { target: checkpoint, plan, later: later.filter(({ id }) => plan.later.includes(id)) };
}
