import type { Change } from '../../core/change.ts';
import { baseName, foldersAbove } from '../../platform/relativePath.ts';
import { inScratchFolder } from '../../platform/scratchFolder.ts';
import { CHECK_IGNORE_ENVIRONMENT, CheckIgnore } from './checkIgnore.ts';
import type { ShadowRepository } from './shadowRepository.ts';
import type { StateLookup } from './stateLookup.ts';

const IGNORE_FILE = '.gitignore';

/**
 * Which paths that a restore would delete are left out by the ignore files of the target: their absence there means
 * nothing. Only where ignore files differ can there be any, since the rules of now let these paths be captured.
 */
export async function ignoredAtTarget(
  repository: ShadowRepository,
  target: StateLookup,
  changes: readonly Change[],
): Promise<ReadonlySet<string>> {
  const deleted = changes.filter(({ after }) => after === undefined);
  if (deleted.length === 0 || !changes.some(({ path }) => baseName(path) === IGNORE_FILE)) {
    return new Set();
  }
  const files = await ignoreFilesOf(repository, target, deleted);
  // A rule may be for folders only, and git looks at the disk to tell.
  const folders = deleted.filter(({ before }) => before?.type === 'folder').map(({ path }) => path);
  return inScratchFolder(repository.dataFolder, { files, folders }, async (scratch) => {
    const args = [`--work-tree=${scratch}`, 'check-ignore', '--stdin', '-z', '-v', '-n', '--no-index'];
    const rules = new CheckIgnore(() => repository.gitStart(args, { cwd: scratch, env: CHECK_IGNORE_ENVIRONMENT }));
    try {
      return await rules.ignored(deleted.map(({ path }) => path));
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
