import type { Checkpoint } from '../core/checkpoint.ts';
import { CheckpointError } from '../core/error.ts';
import { isAtOrBelow } from '../core/isAtOrBelow.ts';
import type { OperationContext } from '../core/operationContext.ts';
import { replaceRecord, undoState, type RestoreRecord } from '../core/restoreLog.ts';
import type { FoundCheckpoint } from './findCheckpoint.ts';
import { restoreFiles, type RestoreOutcome, type RestoreQuestions } from './restoreFiles.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/**
 * Takes back the last restore or revert: the paths that it touched return to the state before it; nothing else changes.
 * @throws CheckpointError `notFound` when there is nothing to undo, or the state before it was deleted.
 */
export async function undoLastRestore(
  session: WorkspaceSession,
  questions: RestoreQuestions,
  context?: OperationContext,
): Promise<RestoreOutcome> {
  const { undo: record } = undoState(await session.restores.read());
  if (record === undefined) {
    throw new CheckpointError('notFound', 'There is nothing to undo.', {
      hint: 'Undo takes back a restore or a revert; none was made here since the last undo.',
    });
  }
  const target = await stateOf(session, record, record.safety);
  const edited = (now: string) => editedSince(session, record, now, record.target);
  return moveTo(session, record, 'undo', target, edited, questions, context);
}

/**
 * Does the last undone restore again: its paths return to the state before the undo.
 * @throws CheckpointError `notFound` when there is nothing to redo, or that state was deleted.
 */
export async function redoLastUndo(
  session: WorkspaceSession,
  questions: RestoreQuestions,
  context?: OperationContext,
): Promise<RestoreOutcome> {
  const { redo: record } = undoState(await session.restores.read());
  if (record?.undoneFrom === undefined) {
    throw new CheckpointError('notFound', 'There is nothing to redo.', {
      hint: 'Redo does a restore again that was undone, as long as nothing was restored in between.',
    });
  }
  const target = await stateOf(session, record, record.undoneFrom);
  const edited = (now: string) => editedSince(session, record, now, record.safety);
  return moveTo(session, record, 'redo', target, edited, questions, context);
}

async function moveTo(
  session: WorkspaceSession,
  record: RestoreRecord,
  kind: 'undo' | 'redo',
  target: FoundCheckpoint,
  edited: (now: string) => Promise<readonly string[]>,
  questions: RestoreQuestions,
  context: OperationContext | undefined,
): Promise<RestoreOutcome> {
  const request = { kind, target, paths: record.paths, editedSince: edited };
  const mark = (safety: Checkpoint) => markUndone(session, record, kind === 'undo' ? safety.id : undefined);
  const outcome = await restoreFiles(session, request, questions, mark, context);
  if (!outcome.done && outcome.why === 'nothingToDo' && outcome.plan.refused.length === 0) {
    // The files are back already, by hand or by another restore: this step of the log is spent.
    await forget(session, record);
  }
  return outcome;
}

async function stateOf(session: WorkspaceSession, record: RestoreRecord, id: string): Promise<FoundCheckpoint> {
  const checkpoint = await heldByFiles(session, id);
  if (checkpoint === undefined) {
    throw new CheckpointError('notFound', 'The checkpoint with the state to go back to was deleted.', {
      hint: `Another checkpoint may hold the files; the step was the ${record.kind} to "${record.targetLabel}".`,
      details: { checkpoint: id },
    });
  }
  return { checkpoint, store: session.files };
}

async function heldByFiles(session: WorkspaceSession, id: string): Promise<Checkpoint | undefined> {
  return (await session.files.list()).find((checkpoint) => checkpoint.id === id);
}

/** What differs now, at the record's paths or below them, from the state that the last step left. */
async function editedSince(
  session: WorkspaceSession,
  record: RestoreRecord,
  now: string,
  left: string,
): Promise<readonly string[]> {
  const { files } = session.files.capabilities;
  if (!files.available || (await heldByFiles(session, left)) === undefined) {
    return [];
  }
  const touched = new Set(record.paths);
  const changes = await files.use.changes(left, now);
  return changes.map((change) => change.path).filter((path) => isAtOrBelow(path, touched));
}

async function markUndone(session: WorkspaceSession, record: RestoreRecord, undoneFrom?: string): Promise<void> {
  const { undoneFrom: _, ...done } = record;
  const marked: RestoreRecord = undoneFrom === undefined ? done : { ...done, undoneFrom };
  await session.restores.update((records) => replaceRecord(records, marked));
}

async function forget(session: WorkspaceSession, record: RestoreRecord): Promise<void> {
  await session.restores.update((records) => records.filter((known) => known.id !== record.id));
}
