import type { Change } from '../../../core/change.ts';
import type { SkipReason } from '../../../core/coverage.ts';
import { pathToBytes } from '../../../platform/pathBytes.ts';
import { withSizes } from '../git/objectSizes.ts';
import { splitPaths } from '../git/pathList.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import type { StateLookup } from '../state/stateLookup.ts';
import type { Surroundings } from '../capture/surroundings.ts';

/**
 * Changed paths of which a target that only git's tree is there of cannot tell what they were: files that it may lack
 * because of their size, and files that git had converted.
 */
export async function unknownAtTarget(
  repository: ShadowRepository,
  { extras }: StateLookup,
  changes: readonly Change[],
  findSurroundings: () => Promise<Surroundings>,
): Promise<ReadonlyMap<string, SkipReason>> {
  if (extras.gitOnly === undefined) {
    return new Map();
  }
  const { largestFile } = extras.gitOnly;
  const [deleted = []] = await withSizes(repository, [changes.filter(({ after }) => after === undefined)]);
  const large = deleted.filter(({ before }) => (before?.size ?? 0) > largestFile).map(({ path }) => path);
  const written = changes.filter(({ after }) => after?.type === 'file').map(({ path }) => path);
  const isInRepository = (await findSurroundings()).userRepository !== undefined;
  const converted = isInRepository ? await convertedPaths(repository, written) : [];
  return new Map([
    ...large.map((path) => [path, 'tooLarge'] as const),
    ...converted.map((path) => [path, 'converted'] as const),
  ]);
}

const ATTRIBUTES = ['filter', 'working-tree-encoding', 'ident', 'eol'];
const AS_THEY_ARE: ReadonlySet<string> = new Set(['unspecified', 'unset', 'lf']);

/** Paths whose bytes the attributes of the user's repository change on their way into git (gitattributes(5)). */
async function convertedPaths(
  { runner, workspace }: ShadowRepository,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) {
    return [];
  }
  const { stdout } = await runner.run({
    command: 'git',
    args: ['-c', 'core.fsmonitor=false', 'check-attr', '-z', '--stdin', ...ATTRIBUTES],
    cwd: workspace,
    env: { GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' },
    stdin: Buffer.concat(paths.flatMap((path) => [pathToBytes(path), Buffer.of(0)])),
  });
  const fields = splitPaths(stdout);
  const converted = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (!AS_THEY_ARE.has(fields[at + 2] ?? '')) {
      converted.add(fields[at] ?? '');
    }
  }
  return [...converted];
}
