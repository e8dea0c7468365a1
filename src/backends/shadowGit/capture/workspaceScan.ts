import type { ShadowRepository } from '../git/shadowRepository.ts';
import { splitPaths } from '../git/pathList.ts';
import { workTreeGit } from './workTree.ts';
import type { WorkTree } from './workTree.ts';

/** What git says about the workspace against our index. All paths are relative to the workspace folder. */
export interface WorkspaceScan {
  /** Paths of the index whose file is another one now, or could not even be looked at. */
  readonly changed: readonly string[];
  /** Files and symlinks that are not in the index and not ignored. */
  readonly otherFiles: readonly string[];
  /** Folders with nothing of the index in them, not ignored, not looked into: untracked, empty, nested repositories. */
  readonly otherFolders: readonly string[];
  readonly unreadableFolders: readonly string[];
}

export async function scanWorkspace(
  repository: ShadowRepository,
  tree: WorkTree,
  signal?: AbortSignal,
): Promise<WorkspaceScan> {
  const [changed, others] = await Promise.all([
    workTreeGit(repository, tree, ['diff-files', '--name-only', '--relative', '-z'], signal),
    workTreeGit(repository, tree, ['ls-files', '--others', '--exclude-standard', '--directory', '-z'], signal),
  ]);
  const paths = splitPaths(others.stdout);
  const outside = (path: string): string | undefined =>
    path.startsWith(tree.prefix) ? path.slice(tree.prefix.length) : undefined;
  return {
    changed: [...splitPaths(changed.stdout), ...defined(unreadableFiles(changed.stderr).map(outside))],
    otherFiles: paths.filter((path) => !path.endsWith('/')),
    otherFolders: paths.filter((path) => path.endsWith('/')).map((path) => (path === './' ? '' : path.slice(0, -1))),
    unreadableFolders: defined(unreadableFolders(others.stderr).map(outside)),
  };
}

/** Paths of our index that the ignore rules leave out. */
export async function ignoredInIndex(
  repository: ShadowRepository,
  tree: WorkTree,
  signal?: AbortSignal,
): Promise<string[]> {
  const args = ['ls-files', '--cached', '--ignored', '--exclude-standard', '-z'];
  return splitPaths((await workTreeGit(repository, tree, args, signal)).stdout);
}

/** Git names what it could not look at in messages only, and goes on as if nothing had happened. */
function unreadableFiles(stderr: string): string[] {
  return [...stderr.matchAll(/^(?:error: )?(.+): (?:Permission denied|Input\/output error)$/gm)].map(
    ([, path = '']) => path,
  );
}

function unreadableFolders(stderr: string): string[] {
  return [...stderr.matchAll(/^warning: could not open directory '(.*)\/': /gm)].map(([, path = '']) => path);
}

function defined<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
