import { forEachLimited } from '../../../platform/concurrency.ts';
import type { Extras } from '../state/extras.ts';
import { lookUpPaths } from '../state/pathLookup.ts';
import { parentOf } from './pathReader.ts';
import type { PathReader } from './pathReader.ts';
import type { TreeSource } from '../git/treeSource.ts';

const FOLDERS_AT_ONCE = 16;

/** Empty folders and folders' permission bits of a new state, from those of the state before and what was seen now. */
export async function updateFolders(input: {
  readonly before: Extras;
  readonly trees: TreeSource;
  readonly workspaceTree: string;
  readonly reader: PathReader;
  /** Folders that were found on disk and are not ignored. */
  readonly found: readonly string[];
  /** Folders that may be empty now, if the rules do not leave them out. */
  readonly suspected: readonly string[];
  readonly ignored: (paths: readonly string[]) => Promise<ReadonlySet<string>>;
}): Promise<Pick<Extras, 'emptyFolders' | 'folderModes'>> {
  const suspected = await existing(input.reader, input.suspected);
  const ignored = await input.ignored(suspected);
  const present = new Set([
    ...(await existing(input.reader, input.found)),
    ...suspected.filter((path) => !ignored.has(path)),
  ]);
  const seen = await input.reader.seenFolders();
  const held = await lookUpPaths(
    input.trees,
    input.workspaceTree,
    new Set([...present, ...seen.keys()].filter(Boolean)),
  );
  const isHolding = (path: string): boolean => held.get(path)?.mode === '40000';
  const parents = new Set([...present].flatMap((path) => foldersAbove(path)));

  const emptyFolders = new Map<string, number>();
  const folderModes = new Map(input.before.folderModes);
  for (const [path, stat] of seen) {
    folderModes.delete(path);
    if (stat === undefined || path === '') {
      continue;
    }
    if (present.has(path) && !isHolding(path) && !parents.has(path)) {
      emptyFolders.set(path, stat.permissions);
    } else if ((isHolding(path) || parents.has(path)) && stat.permissions !== input.before.defaults.folder) {
      folderModes.set(path, stat.permissions);
    }
  }
  return { emptyFolders, folderModes };
}

/** All folders above a path, the workspace folder itself left out. */
export function foldersAbove(path: string): string[] {
  const parent = parentOf(path);
  return parent === '' ? [] : [parent, ...foldersAbove(parent)];
}

async function existing(reader: PathReader, folders: readonly string[]): Promise<string[]> {
  const real: string[] = [];
  await forEachLimited(folders, FOLDERS_AT_ONCE, async (path) => {
    if ((await reader.folder(path).catch(() => undefined)) !== undefined) {
      real.push(path);
    }
  });
  return real;
}
