import type { SkippedPath } from '../../../core/coverage.ts';
import { isCheckpointError } from '../../../core/error.ts';
import { forEachLimited } from '../../../platform/concurrency.ts';
import type { WorkspaceReader } from '../../../platform/workspaceReader.ts';
import type { Baseline } from './captureCache.ts';
import { CheckIgnore } from '../git/checkIgnore.ts';
import { foldersAbove } from './folderFacts.ts';
import { walkFolders } from './folderWalker.ts';
import type { Found } from './folderWalker.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import type { Surroundings } from './surroundings.ts';
import { fingerprint } from '../../../platform/fingerprint.ts';
import { trackedIgnored } from './userRepository.ts';
import { startCheckIgnore } from './workTree.ts';
import { ignoredInIndex, scanWorkspace } from './workspaceScan.ts';
import type { WorkspaceScan } from './workspaceScan.ts';

/** What has to be looked at for a capture; everything else is as the baseline says. */
export interface Candidates {
  /** To read. */
  readonly files: ReadonlySet<string>;
  /** Paths that leave the state although they may be on disk: vanished, or ignored now. */
  readonly dropped: ReadonlySet<string>;
  /** Of `files` and `dropped`: those that the kept index lists. */
  readonly inIndex: ReadonlySet<string>;
  readonly folders: readonly string[];
  readonly skipped: readonly SkippedPath[];
  readonly tracked: readonly string[];
  readonly userIndex: string;
  /** The index must be written again, since it lists what the rules leave out now. */
  readonly rulesChanged: boolean;
}

const LOOKS_AT_ONCE = 16;

export interface Search {
  readonly repository: ShadowRepository;
  readonly surroundings: Surroundings;
  readonly baseline: Baseline;
  readonly reader: WorkspaceReader;
  readonly leaveOut: (path: string) => boolean;
  readonly signal: AbortSignal | undefined;
}

export async function findCandidates(search: Search): Promise<Candidates> {
  const { repository, surroundings, baseline, leaveOut, signal } = search;
  const [scan, known] = await Promise.all([
    scanWorkspace(repository, surroundings.workTree, signal),
    trackedByUser(search, false),
  ]);
  const others = await lookInto(search, [...scan.otherFolders, ...(await foldersInPlaceOfFiles(search, scan.changed))]);
  const untracked = [...scan.otherFiles.filter((path) => !leaveOut(path)), ...others.files];
  const rulesChanged =
    baseline.rulesKey !== surroundings.rulesKey ||
    !sameItems(known.tracked, baseline.tracked) ||
    [scan.changed, untracked, baseline.indexed].some((paths) => paths.some(isIgnoreFile));
  const { tracked, userIndex } = rulesChanged ? await trackedByUser(search, true) : known;
  const ignored = rulesChanged ? await ignoredInIndex(repository, surroundings.workTree, signal) : [];

  const skipped = [...others.skipped, ...unreadable(scan)];
  const hidden = baseline.unindexed.filter((path) => isBelowAny(path, skipped));
  const dropped = new Set([...minus(ignored, tracked), ...minus(baseline.unindexed, untracked, tracked, hidden)]);
  const inIndex = new Set([...scan.changed, ...baseline.indexed, ...ignored]);
  const newlyTracked = rulesChanged ? tracked : intersection(baseline.unindexed, tracked);
  const files = [...scan.changed, ...baseline.indexed, ...untracked, ...newlyTracked, ...hidden];
  return {
    files: new Set(files.filter((path) => !dropped.has(path) && !leaveOut(path))),
    dropped,
    inIndex,
    folders: others.folders,
    skipped,
    tracked,
    userIndex,
    rulesChanged,
  };
}

/** Runs `action` with a way to ask which paths the rules ignore. */
export async function withIgnoreRules<T>(
  { repository, surroundings }: Pick<Search, 'repository' | 'surroundings'>,
  action: (ignored: (paths: readonly string[]) => Promise<ReadonlySet<string>>) => Promise<T>,
): Promise<T> {
  const rules = new CheckIgnore(() => startCheckIgnore(repository, surroundings.workTree));
  try {
    return await action((paths) => rules.ignored(paths));
  } finally {
    rules.dispose();
  }
}

/** Git does not list a folder whose path its index knows as a file. */
async function foldersInPlaceOfFiles(search: Search, changed: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  await forEachLimited(changed, LOOKS_AT_ONCE, async (path) => {
    const isFolder = async (place: string): Promise<boolean> =>
      (await search.reader.stat(place).catch(() => undefined))?.kind === 'folder';
    if ((await isFolder(path)) && (await Promise.all(foldersAbove(path).map(isFolder))).every(Boolean)) {
      folders.push(path);
    }
  });
  return withIgnoreRules(search, async (ignored) => minus(folders, [...(await ignored(folders))]));
}

async function lookInto(search: Search, folders: readonly string[]): Promise<Found> {
  const walk = (): Promise<Found> =>
    withIgnoreRules(search, (ignored) =>
      walkFolders(
        folders.filter((path) => !search.leaveOut(path)),
        { ...search, ignored },
      ),
    );
  try {
    return await walk();
  } catch (error) {
    // Git gives up when a folder becomes a symlink just before it is asked about what was in it.
    if (!isCheckpointError(error, 'commandFailed')) {
      throw error;
    }
    return walk();
  }
}

async function trackedByUser(
  { repository, surroundings, baseline }: Search,
  always: boolean,
): Promise<Pick<Candidates, 'tracked' | 'userIndex'>> {
  const { userRepository } = surroundings;
  if (userRepository === undefined) {
    return { tracked: [], userIndex: '' };
  }
  const userIndex = await fingerprint(userRepository.indexFile);
  if (!always && userIndex === baseline.userIndex) {
    return { tracked: baseline.tracked, userIndex };
  }
  const tracked = await trackedIgnored(repository.runner, repository.workspace).catch((error: unknown) => {
    repository.log.warn(`The index of the repository around ${repository.workspace} cannot be read: ${String(error)}`);
    return [];
  });
  return { tracked, userIndex };
}

function unreadable(scan: WorkspaceScan): SkippedPath[] {
  return scan.unreadableFolders.map((path) => ({ path, reason: 'unreadable' }));
}

/** Nobody could list what is in a folder that was skipped: what is known to be there is looked at by its name. */
function isBelowAny(path: string, skipped: readonly SkippedPath[]): boolean {
  return skipped.some((folder) => path.startsWith(`${folder.path}/`));
}

function isIgnoreFile(path: string): boolean {
  return path === '.gitignore' || path.endsWith('/.gitignore');
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, position) => item === b[position]);
}

function minus(items: readonly string[], ...others: readonly (readonly string[])[]): string[] {
  const taken = new Set(others.flat());
  return items.filter((item) => !taken.has(item));
}

function intersection(a: readonly string[], b: readonly string[]): string[] {
  const wanted = new Set(b);
  return a.filter((item) => wanted.has(item));
}
