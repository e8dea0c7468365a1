import type { Change } from '../../../core/change.ts';
import { foldersAbove } from '../../../platform/relativePath.ts';
import { inScratchFolder } from '../../../platform/scratchFolder.ts';
import { CHECK_IGNORE_ENVIRONMENT, CheckIgnore } from '../git/checkIgnore.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import type { StateLookup } from '../state/stateLookup.ts';
import type { Surroundings } from '../capture/surroundings.ts';

const IGNORE_FILE = '.gitignore';

/**
 * Which paths that a restore would delete are left out by the ignore files of the target, or by the rules from outside of
 * the folder as they are now: their absence there means nothing. Such paths can have been captured since, because the rules
 * were others, or because the user's repository has come to track them.
 */
export async function ignoredAtTarget(
  repository: ShadowRepository,
  target: StateLookup,
  changes: readonly Change[],
  findSurroundings: () => Promise<Surroundings>,
): Promise<ReadonlySet<string>> {
  const deleted = changes.filter(({ after }) => after === undefined);
  if (deleted.length === 0) {
    return new Set();
  }
  const { workTree, ignoreFilesAbove } = await findSurroundings();
  const inTop = (path: string): string => workTree.prefix + path;
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of ignoreFilesAbove) {
    files.set(path, Buffer.from(text));
  }
  for (const [path, bytes] of await ignoreFilesOf(repository, target, deleted)) {
    files.set(inTop(path), bytes);
  }
  // A rule may be for folders only, and git looks at the disk to tell.
  const folders = deleted.filter(({ before }) => before?.type === 'folder').map(({ path }) => inTop(path));
  return inScratchFolder(repository.dataFolder, { files, folders }, async (scratch) => {
    const args = [`--work-tree=${scratch}`, 'check-ignore', '--stdin', '-z', '-v', '-n', '--no-index'];
    const rules = new CheckIgnore(() => repository.gitStart(args, { cwd: scratch, env: CHECK_IGNORE_ENVIRONMENT }));
    try {
      const ignored = await rules.ignored(deleted.map(({ path }) => inTop(path)));
      return new Set([...ignored].map((path) => path.slice(workTree.prefix.length)));
    } finally {
      rules.dispose();
    }
  });
}

async function ignoreFilesOf(
  repository: ShadowRepository,
  target: StateLookup,
  deleted: readonly Change[],
): Promise<Map<string, Uint8Array>> {
  const folders = new Set(deleted.flatMap(({ path }) => foldersAbove(path).map((folder) => `${folder}/`)));
  const files = new Map<string, Uint8Array>();
  for (const folder of ['', ...folders]) {
    const entry = await target.entry(folder + IGNORE_FILE);
    if (entry?.type === 'file') {
      files.set(folder + IGNORE_FILE, await repository.objects.blob(entry.content));
    }
  }
  return files;
}
