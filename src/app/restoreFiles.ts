import { requireCapability } from '../core/capabilities.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { CheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { RestoreRecord } from '../core/restoreLog.ts';
import { NOW, type RestorePlan, type RestoreReport } from '../core/restorePlan.ts';
import type { FileRestorer } from '../core/store.ts';
import type { FoundCheckpoint } from './findCheckpoint.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

export type RestoreKind = RestoreRecord['kind'] | 'undo' | 'redo';

export interface RestoreRequest {
  readonly kind: RestoreKind;
  readonly target: FoundCheckpoint;
  /** Files and folders to put back; empty for the whole workspace folder. */
  readonly paths: readonly string[];
  /** For undoing something: paths that were changed again since, and would lose that change (the safety checkpoint has it). */
  readonly editedSince?: (now: string) => Promise<readonly string[]>;
}

/** What is about to happen, for the one question that is asked. */
export interface RestoreProposal {
  readonly kind: RestoreKind;
  readonly target: Checkpoint;
  readonly safety: Checkpoint;
  readonly plan: RestorePlan;
  readonly editedSince: readonly string[];
}

/** The person's side of a restore. */
export interface RestoreQuestions {
  /** Deals with unsaved editors of these files and folders (all when empty); false gives up. */
  saveEditors(paths: readonly string[]): Promise<boolean>;
  /** False gives up. Asked only when there is something to do. */
  confirm(proposal: RestoreProposal): Promise<boolean>;
}

export type RestoreOutcome =
  | { readonly done: true; readonly plan: RestorePlan; readonly report: RestoreReport; readonly safety: Checkpoint }
  /** Nothing was changed: the person gave up, or the files are as they were at the target already. */
  | { readonly done: false; readonly why: 'nothingToDo'; readonly plan: RestorePlan }
  | { readonly done: false; readonly why: 'declined' };

/** Called with the safety checkpoint and the planned paths before the first path is touched. */
export type BeforeApply = (safety: Checkpoint, plan: RestorePlan) => Promise<void>;

/**
 * The protocol that never loses work: check the target, capture now, plan, confirm, apply under a journal, verify, report.
 * A safety checkpoint that turned out not to be needed is removed again.
 */
export async function restoreFiles(
  session: WorkspaceSession,
  request: RestoreRequest,
  questions: RestoreQuestions,
  beforeApply: BeforeApply,
  context?: OperationContext,
): Promise<RestoreOutcome> {
  const { checkpoint, store } = request.target;
  const restorer = requireCapability(store.capabilities.restoreFiles);
  await refuseWhileInterrupted(restorer);
  await restorer.check(checkpoint.id, context);
  if (!(await questions.saveEditors(request.paths))) {
    return { done: false, why: 'declined' };
  }
  const safety = await captureNow(session, request, context);
  let applying = false;
  try {
    const plan = await restorer.plan(checkpoint.id, safety.checkpoint.id, request.paths, context);
    const why = await reasonToStop(request, plan, safety.checkpoint, questions);
    if (why !== undefined) {
      await safety.discard();
      return why === 'nothingToDo' ? { done: false, why, plan } : { done: false, why };
    }
    applying = true;
    await beforeApply(safety.checkpoint, plan);
    const report = await restorer.apply(plan, context);
    return { done: true, plan, report, safety: safety.checkpoint };
  } catch (error) {
    if (!applying) {
      // What went wrong first is what people need to hear; a safety checkpoint too many does no harm.
      await safety.discard().catch(() => undefined);
    }
    throw error;
  }
}

/** What a restore would do, without doing anything and without leaving anything behind. */
export async function previewRestore(
  target: FoundCheckpoint,
  paths: readonly string[],
  context?: OperationContext,
): Promise<RestorePlan> {
  const restorer = requireCapability(target.store.capabilities.restoreFiles);
  await restorer.check(target.checkpoint.id, context);
  return restorer.plan(target.checkpoint.id, NOW, paths, context);
}

async function reasonToStop(
  request: RestoreRequest,
  plan: RestorePlan,
  safety: Checkpoint,
  questions: RestoreQuestions,
): Promise<'declined' | 'nothingToDo' | undefined> {
  if (plan.steps.length === 0) {
    return 'nothingToDo';
  }
  const editedSince = (await request.editedSince?.(safety.id)) ?? [];
  const { kind, target } = request;
  const agreed = await questions.confirm({ kind, target: target.checkpoint, safety, plan, editedSince });
  return agreed ? undefined : 'declined';
}

async function refuseWhileInterrupted(restorer: FileRestorer): Promise<void> {
  const interrupted = await restorer.interrupted();
  if (interrupted !== undefined) {
    throw new CheckpointError('conflict', 'An earlier restore of this folder was interrupted.', {
      hint: 'Finish it or roll it back first.',
      details: { target: interrupted.target, startedAt: interrupted.startedAt },
    });
  }
}

interface SafetyCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Deletes it when this operation made it. */
  discard(): Promise<void>;
}

async function captureNow(
  session: WorkspaceSession,
  request: RestoreRequest,
  context?: OperationContext,
): Promise<SafetyCheckpoint> {
  const { files } = session;
  const { checkpoint: target, store } = request.target;
  const checkpoint = await requireCapability(files.capabilities.create)(
    {
      origin: 'safety',
      label: safetyLabel(request),
      ...(store === files ? { covering: target.id } : {}),
    },
    context,
  );
  if (checkpoint === undefined) {
    throw new CheckpointError('commandFailed', 'The safety checkpoint could not be made.');
  }
  const discard = async (): Promise<void> => {
    // Any other origin is a checkpoint that was there already and holds the same.
    if (checkpoint.origin === 'safety') {
      await requireCapability(files.capabilities.delete)([checkpoint.id]);
    }
  };
  return { checkpoint, discard };
}

/** The target of an undo or redo is a safety checkpoint itself, so its label would only repeat what came before. */
function safetyLabel({ kind, target }: RestoreRequest): string {
  return kind === 'undo' || kind === 'redo' ? `Before ${kind}` : `Before ${kind} to “${target.checkpoint.label}”`;
}
