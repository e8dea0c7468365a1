import { type AgentTurn, turnOfNote } from '../core/agentTurn.ts';
import { requireCapability } from '../core/capabilities.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { CheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import { restoreAndRemember } from './restoreCheckpoint.ts';
import type { RestoreOutcome, RestoreQuestions } from './restoreFiles.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** A turn of an agent with the states before and after it. */
export interface FoundTurn {
  readonly turn: AgentTurn;
  readonly before: Checkpoint;
  readonly after: Checkpoint;
}

/**
 * The last turn that can be undone: the newest one that changed something, was not undone already, and whose state before
 * is still there. Undefined when there is none.
 */
export async function findLastTurn(
  session: WorkspaceSession,
  context?: OperationContext,
): Promise<FoundTurn | undefined> {
  const checkpoints = await session.files.list(context);
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  const records = await session.restores.read();
  const gone = new Set(records.filter(({ undoneFrom }) => undoneFrom === undefined).map(({ target }) => target));
  for (const after of checkpoints) {
    const turn = after.origin === 'agent' ? turnOfNote(after.note) : undefined;
    const before = turn?.before === undefined ? undefined : byId.get(turn.before);
    if (turn !== undefined && before !== undefined && !gone.has(before.id)) {
      return { turn, before, after };
    }
  }
  return undefined;
}

/**
 * Puts the files that the turn changed back to what they were before it, and no others. Files that were changed again since
 * are in the question. Undo takes it back.
 */
export async function undoAgentTurn(
  session: WorkspaceSession,
  { before, after }: FoundTurn,
  questions: RestoreQuestions,
  context?: OperationContext,
): Promise<RestoreOutcome> {
  const files = requireCapability(session.files.capabilities.files);
  const changes = await files.changes(before.id, after.id, context);
  // A folder as a path would mean all that is in it, also what the turn did not touch.
  const touched = changes.filter((change) => (change.after ?? change.before)?.type !== 'folder');
  const paths = touched.map(({ path }) => path);
  if (paths.length === 0) {
    throw new CheckpointError('notFound', 'This turn changed no file.');
  }
  const editedSince = async (now: string): Promise<readonly string[]> => {
    const known = new Set(paths);
    const since = await files.changes(after.id, now, context);
    return since.map(({ path }) => path).filter((path) => known.has(path));
  };
  const target = { checkpoint: before, store: session.files };
  return restoreAndRemember(session, { kind: 'restore', target, paths, editedSince }, questions, context);
}
