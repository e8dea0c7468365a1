import type { OperationContext } from '../core/operationContext.ts';
import { type RestoreRecord, withRecord } from '../core/restoreLog.ts';
import type { FoundCheckpoint } from './findCheckpoint.ts';
import { restoreFiles, type RestoreOutcome, type RestoreQuestions, type RestoreRequest } from './restoreFiles.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Puts the workspace folder, or the given folders and files of it, back to a checkpoint. */
export function restoreCheckpoint(
  session: WorkspaceSession,
  target: FoundCheckpoint,
  paths: readonly string[],
  questions: RestoreQuestions,
  context?: OperationContext,
): Promise<RestoreOutcome> {
  return restoreAndRemember(session, { kind: 'restore', target, paths }, questions, context);
}

/** Puts single files back to a checkpoint. */
export function revertFiles(
  session: WorkspaceSession,
  target: FoundCheckpoint,
  paths: readonly string[],
  questions: RestoreQuestions,
  context?: OperationContext,
): Promise<RestoreOutcome> {
  return restoreAndRemember(session, { kind: 'revert', target, paths }, questions, context);
}

/** A restore or revert that undo can take back. */
export async function restoreAndRemember(
  session: WorkspaceSession,
  request: RestoreRequest & { readonly kind: RestoreRecord['kind'] },
  questions: RestoreQuestions,
  context: OperationContext | undefined,
): Promise<RestoreOutcome> {
  const target = await kept(session, request.target, context);
  return restoreFiles(
    session,
    { ...request, target },
    questions,
    // Remembered before the first path is touched: a crash must not leave a restore that cannot be taken back, and undoing
    // a path that was not reached changes nothing.
    async (safety, plan) => {
      const { checkpoint } = target;
      const record: RestoreRecord = {
        id: crypto.randomUUID(),
        kind: request.kind,
        store: checkpoint.store,
        target: checkpoint.id,
        targetLabel: checkpoint.label,
        safety: safety.id,
        paths: plan.steps.map((step) => step.path),
        doneAt: new Date().toISOString(),
      };
      await session.restores.update((records) => withRecord(records, record));
    },
    context,
  );
}

/** What another tool may remove is kept first: undo has to find it again. */
async function kept(
  session: WorkspaceSession,
  { checkpoint, store }: FoundCheckpoint,
  context: OperationContext | undefined,
): Promise<FoundCheckpoint> {
  const { keep } = store.capabilities;
  return keep.available
    ? { checkpoint: await keep.use(checkpoint.id, context), store: session.files }
    : { checkpoint, store };
}
