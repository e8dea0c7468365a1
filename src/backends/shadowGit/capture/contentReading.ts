import { throwIfCancelled } from '../../../core/error.ts';
import { forEachLimited } from '../../../platform/concurrency.ts';
import type { CaptureInput, CaptureTools } from './captureRun.ts';
import { missingPaths } from './coveredPaths.ts';
import { foldersAbove } from './folderFacts.ts';
import type { FreshPath, PathReader } from './pathReader.ts';
import { readState } from '../state/stateTree.ts';
import { trackedAmong } from './userRepository.ts';

const FILES_AT_ONCE = 16;
const PROGRESS_STEP = 500;
const PATHS_PER_COMMAND = 200;

/** Reads these paths; files above the size limit only where the user's repository tracks them. */
export async function readCandidates(
  input: CaptureInput,
  reader: PathReader,
  paths: readonly string[],
): Promise<Map<string, FreshPath>> {
  const limit = input.settings.maxUntrackedFileSize;
  const fresh = await readPaths(input, reader, paths, (size) => size > limit);
  const large = [...fresh].filter(([, found]) => found.kind === 'skipped' && found.reason === 'tooLarge');
  const tracked = await trackedLarge(
    input,
    large.map(([path]) => path),
  );
  for (const [path, found] of await readPaths(input, reader, tracked, () => false)) {
    fresh.set(path, found);
  }
  return fresh;
}

/** Reads what the covered state holds and the new one lacks, and what is in the way of its folders. */
export async function readCovered(
  input: CaptureInput,
  { trees, reader }: CaptureTools,
  workspaceTree: string,
  covering: string,
): Promise<Map<string, FreshPath>> {
  const wanted = await readState(input.search.repository.objects, covering);
  const missing = await missingPaths(trees, workspaceTree, wanted.workspaceTree);
  const paths = new Set(missing.flatMap((path) => [path, ...foldersAbove(path)]));
  const fresh = await readPaths(input, reader, [...paths], () => false);
  return new Map([...fresh].filter(([, found]) => found.kind !== 'absent'));
}

async function readPaths(
  { context }: CaptureInput,
  reader: PathReader,
  paths: readonly string[],
  isTooLarge: (size: number) => boolean,
): Promise<Map<string, FreshPath>> {
  const fresh = new Map<string, FreshPath>();
  await forEachLimited(paths, FILES_AT_ONCE, async (path) => {
    throwIfCancelled(context.signal);
    fresh.set(path, await reader.read(path, isTooLarge));
    if (fresh.size % PROGRESS_STEP === 0) {
      context.onProgress?.({ message: 'Reading files', done: fresh.size, total: paths.length });
    }
  });
  return fresh;
}

/** Which of these large files are tracked. What was not at the last capture is not, while the user's index stays the same. */
async function trackedLarge({ candidates, search }: CaptureInput, large: readonly string[]): Promise<string[]> {
  const { surroundings, repository, baseline } = search;
  if (surroundings.userRepository === undefined) {
    return [];
  }
  const untracked = new Set(
    candidates.userIndex === baseline.userIndex
      ? baseline.state.extras.skipped.filter(({ reason }) => reason === 'tooLarge').map(({ path }) => path)
      : [],
  );
  const unknown = large.filter((path) => !untracked.has(path));
  const tracked: string[] = [];
  for (let at = 0; at < unknown.length; at += PATHS_PER_COMMAND) {
    const some = unknown.slice(at, at + PATHS_PER_COMMAND);
    tracked.push(...(await trackedAmong(repository.runner, repository.workspace, some)));
  }
  return tracked;
}
