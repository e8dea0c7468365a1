import { isCheckpointError } from '../../../core/error.ts';
import type { SkippedPath } from '../../../core/coverage.ts';
import { forEachLimited } from '../../../platform/concurrency.ts';
import type { PathKind, PathStat, WorkspaceReader } from '../../../platform/workspaceReader.ts';
import type { DefaultModes, Extras } from '../state/extras.ts';
import { mostCommonModes } from './fileModes.ts';
import { foldersAbove } from './folderFacts.ts';
import { parentOf } from './pathReader.ts';
import { splitPaths } from '../git/pathList.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

const SAMPLE = 200;
const LOOKS_AT_ONCE = 16;

/** Permission bits of files that are known already, of their folders, and files of special kinds, all from one listing. */
export async function seedExtras(
  repository: ShadowRepository,
  reader: WorkspaceReader,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Extras> {
  const step = Math.max(1, Math.floor(paths.length / SAMPLE));
  const sample = paths.filter((_, position) => position % step === 0);
  const stats = await look(reader, [...sample, ...new Set(sample.flatMap(foldersAbove))]);
  const defaults = mostCommonModes({ files: permissions(stats, 'file'), folders: permissions(stats, 'folder') });
  const exceptions = await listExceptions(repository, defaults, paths, signal);
  return { defaults, ...sortExceptions(await look(reader, exceptions), defaults, paths) };
}

function sortExceptions(
  exceptions: ReadonlyMap<string, PathStat>,
  defaults: DefaultModes,
  paths: readonly string[],
): Omit<Extras, 'defaults'> {
  const files = new Set(paths.filter((path) => exceptions.has(path)));
  const folders = exceptions.size === 0 ? new Set() : foldersOf(paths);
  const [modes, folderModes] = [new Map<string, number>(), new Map<string, number>()];
  const skipped: SkippedPath[] = [];
  for (const [path, { kind, permissions: bits }] of exceptions) {
    if (isSpecial(kind)) {
      skipped.push({ path, reason: kind });
    } else if (files.has(path) && kind === 'file' && bits !== usualMode(bits, defaults)) {
      modes.set(path, bits);
    } else if (folders.has(path) && kind === 'folder' && bits !== defaults.folder) {
      folderModes.set(path, bits);
    }
  }
  return { modes, folderModes, skipped, emptyFolders: new Map() };
}

/** All folders above these paths. */
function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    if (!folders.has(parentOf(path))) {
      foldersAbove(path).forEach((folder) => folders.add(folder));
    }
  }
  return folders;
}

function isSpecial(kind: PathKind): kind is 'socket' | 'pipe' | 'device' {
  return kind === 'socket' || kind === 'pipe' || kind === 'device';
}

function usualMode(bits: number, defaults: DefaultModes): number {
  return (bits & 0o100) === 0 ? defaults.file : defaults.executable;
}

/** Everything that may have other permission bits than these, or is neither file, symlink nor folder. */
async function listExceptions(
  repository: ShadowRepository,
  defaults: DefaultModes,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  if (process.platform === 'win32') {
    return [];
  }
  const unlike = (mode: number): string[] => ['!', '-perm', mode.toString(8).padStart(4, '0')];
  const files = ['-type', 'f', ...unlike(defaults.file), ...unlike(defaults.executable)];
  const folders = ['-type', 'd', ...unlike(defaults.folder)];
  const special = ['b', 'c', 'p', 's'].flatMap((kind) => ['-o', '-type', kind]);
  const wanted = ['(', ...files, '-o', ...folders, ...special, ')'];
  try {
    const { stdout } = await repository.runner.run({
      command: 'find',
      args: ['.', '-name', '.git', '-prune', '-o', ...wanted, '-print0'],
      cwd: repository.workspace,
      // 1 where a folder could not be read: the capture itself finds and reports it.
      okExitCodes: [0, 1],
      ...(signal === undefined ? {} : { signal }),
    });
    return splitPaths(stdout)
      .filter((path) => path !== '.')
      .map((path) => path.slice(2));
  } catch (error) {
    if (isCheckpointError(error, 'notInstalled')) {
      return [...new Set(paths.flatMap((path) => [path, ...foldersAbove(path)]))];
    }
    throw error;
  }
}

async function look(reader: WorkspaceReader, paths: readonly string[]): Promise<Map<string, PathStat>> {
  const stats = new Map<string, PathStat>();
  await forEachLimited(paths, LOOKS_AT_ONCE, async (path) => {
    const stat = await reader.stat(path).catch(() => undefined);
    if (stat !== undefined) {
      stats.set(path, stat);
    }
  });
  return stats;
}

function permissions(stats: ReadonlyMap<string, PathStat>, kind: PathStat['kind']): number[] {
  return [...stats.values()].filter((stat) => stat.kind === kind).map((stat) => stat.permissions);
}
