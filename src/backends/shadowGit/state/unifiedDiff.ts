import type { Change, LineCounts } from '../../../core/change.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { quotedPath } from '../git/quotedPath.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { readState } from './stateTree.ts';

const DIFF_TREE = ['diff-tree', '-r', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-color', '--full-index'];
const PATHSPECS_WITH_MAGIC = { GIT_LITERAL_PATHSPECS: '0' };

/** Git's unified diff of two states, of all paths or of these files and folders, as it comes. */
export async function* unifiedDiff(
  repository: ShadowRepository,
  roots: { readonly from: string; readonly to: string },
  paths: readonly string[],
  context?: OperationContext,
): AsyncIterable<Uint8Array> {
  const trees = await workspaceTrees(repository, roots);
  yield* repository.gitStream([...DIFF_TREE, '-p', ...trees, '--', ...paths.flatMap(pathspecs)], {
    env: PATHSPECS_WITH_MAGIC,
    ...(context?.signal === undefined ? {} : { signal: context.signal }),
  });
}

/**
 * What git's diff cannot show because its trees know one permission bit only: files of which nothing but other bits
 * changed, in the words of git's own extended header.
 */
export function modeDiff(changes: readonly Change[]): Buffer {
  const blocks = changes.flatMap(({ path, before, after }) => {
    const hidden =
      before?.type === 'file' &&
      after?.type === 'file' &&
      before.content === after.content &&
      isExecutable(before.mode) === isExecutable(after.mode);
    return hidden ? [header(path, before.mode, after.mode)] : [];
  });
  return Buffer.concat(blocks);
}

function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}

function header(path: string, before: number, after: number): Buffer {
  const octal = (mode: number): string => (0o100000 + mode).toString(8);
  return Buffer.concat([
    Buffer.from('diff --git '),
    quotedPath(`a/${path}`),
    Buffer.from(' '),
    quotedPath(`b/${path}`),
    Buffer.from(`\nold mode ${octal(before)}\nnew mode ${octal(after)}\n`),
  ]);
}

/** Undefined for a binary file, and for a path that is the same in both. */
export async function lineCounts(
  repository: ShadowRepository,
  roots: { readonly from: string; readonly to: string },
  path: string,
): Promise<LineCounts | undefined> {
  const trees = await workspaceTrees(repository, roots);
  const { stdout } = await repository.git([...DIFF_TREE, '--numstat', '-z', ...trees, '--', ...pathspecs(path)], {
    env: PATHSPECS_WITH_MAGIC,
  });
  const counts = /^(\d+)\t(\d+)\t/.exec(stdout.toString('latin1'));
  return counts === null ? undefined : { insertions: Number(counts[1]), deletions: Number(counts[2]) };
}

async function workspaceTrees(
  repository: ShadowRepository,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<[string, string]> {
  const [before, after] = await Promise.all([readState(repository.objects, from), readState(repository.objects, to)]);
  return [before.workspaceTree, after.workspaceTree];
}

/**
 * Arguments are text, so a path with bytes that are not UTF-8 cannot be one: there `?` stands for each of those bytes,
 * and a name that differs in nothing else is shown as well.
 */
function pathspecs(path: string): string[] {
  if (path.isWellFormed()) {
    return [`:(top,literal)${path}`];
  }
  const pattern = path
    .replaceAll(/[*?[\]\\]/g, String.raw`\$&`)
    .replaceAll(/[\uDC80-\uDCFF]/g, (unit, at: number) => (/[\uD800-\uDBFF]/.test(path.charAt(at - 1)) ? unit : '?'));
  return [`:(top,glob)${pattern}`, `:(top,glob)${pattern}/**`];
}
