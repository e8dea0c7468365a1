import { recordTurn } from '../../agent/recordTurn.ts';
import type { WorkspaceSession } from '../../app/workspaceSession.ts';
import { removeFile } from '../../platform/dataFiles.ts';
import { acquireFileLock } from '../../platform/fileLock.ts';
import type { TurnFiles } from './turnFiles.ts';

/** Longer than a first checkpoint of a large folder takes. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Makes the checkpoints of all events that wait, in their order. Processes that do this for one folder take turns; one that
 * finds nothing left is done.
 */
export async function recordQueue(
  files: TurnFiles,
  openSession: () => Promise<WorkspaceSession>,
  onProblem: (error: unknown) => void,
): Promise<void> {
  const lock = await acquireFileLock(files.lock, { timeoutMs: PATIENCE_MS });
  let session: WorkspaceSession | undefined;
  try {
    for (let next = await files.first(); next !== undefined; next = await files.first()) {
      session ??= await openSession();
      const book = await recordTurn({ session, onProblem }, await files.readBook(), next.agent, next.event);
      await files.writeBook(book);
      await removeFile(next.file);
    }
  } finally {
    session?.dispose();
    await lock.release();
  }
}
