import type { LongProcess, ProcessResult } from '../../../platform/processRunner.ts';
import { CHECK_IGNORE_ENVIRONMENT } from '../git/checkIgnore.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

/** How git looks at the workspace folder: from the top of the user's repository, so that its ignore files apply. */
export interface WorkTree {
  readonly top: string;
  /** The workspace folder relative to the top: empty, or ending with a slash. */
  readonly prefix: string;
  readonly indexFile: string;
}

export function workTreeGit(
  repository: ShadowRepository,
  tree: WorkTree,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<ProcessResult> {
  return repository.git([`--work-tree=${tree.top}`, ...args], workTreeOptions(repository, tree, signal));
}

export function startCheckIgnore(repository: ShadowRepository, tree: WorkTree): LongProcess {
  const args = ['check-ignore', '--stdin', '-z', '--verbose', '--non-matching', '--no-index'];
  const options = workTreeOptions(repository, tree);
  return repository.gitStart([`--work-tree=${tree.top}`, ...args], {
    ...options,
    env: { ...options.env, ...CHECK_IGNORE_ENVIRONMENT },
  });
}

function workTreeOptions(repository: ShadowRepository, tree: WorkTree, signal?: AbortSignal) {
  return {
    cwd: repository.workspace,
    env: { GIT_INDEX_FILE: tree.indexFile },
    ...(signal === undefined ? {} : { signal }),
  };
}
