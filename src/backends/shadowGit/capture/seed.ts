import { isCheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { writeFileAtomic } from '../../../platform/atomicFile.ts';
import { factsOf } from '../../../platform/dataFiles.ts';
import { pathFromBytes, pathToBytes } from '../../../platform/pathBytes.ts';
import { fingerprint } from '../../../platform/fingerprint.ts';
import { readBytes } from '../../../platform/repositoryFolder.ts';
import { WorkspaceReader } from '../../../platform/workspaceReader.ts';
import type { Baseline } from './captureCache.ts';
import { EMPTY_TREE } from '../git/gitObjects.ts';
import {
  GITLINK_MODE,
  SPARSE_FOLDER_MODE,
  doubted,
  indexChangeSeconds,
  indexedSize,
  parseIndex,
  serializeIndex,
} from '../git/indexFile.ts';
import type { IndexEntry, ParsedIndex, RawIndexEntry } from '../git/indexFile.ts';
import { filteredPaths } from './seedFilters.ts';
import { seedExtras } from './seedModes.ts';
import { adoptObjects } from './seedObjects.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import type { Surroundings } from './surroundings.ts';
import { listTree } from '../git/treeListing.ts';
import type { ListedFile } from '../git/treeListing.ts';
import { headTree, isPartialClone, trackedIgnored } from './userRepository.ts';
import type { UserRepository } from './userRepository.ts';

/**
 * A baseline for the very first capture, made of what the user's repository knows: the tree of its HEAD and the stat data
 * of its index, with every path that git may see otherwise than we do marked to be read. Undefined where there is no such
 * repository, or where it cannot be trusted to be complete: then everything is read from disk.
 */
export async function seedBaseline(
  repository: ShadowRepository,
  surroundings: Surroundings,
  context: OperationContext,
): Promise<Baseline | undefined> {
  const user = surroundings.userRepository;
  if (user === undefined || user.objectFormat !== 'sha1') {
    return undefined;
  }
  try {
    return await seedFrom(repository, surroundings, user, context);
  } catch (error) {
    if (isCheckpointError(error, 'cancelled') || isCheckpointError(error, 'notInstalled')) {
      throw error;
    }
    repository.log.warn(`The first checkpoint of ${repository.workspace} reads all files: ${String(error)}`);
    return undefined;
  }
}

async function seedFrom(
  repository: ShadowRepository,
  surroundings: Surroundings,
  user: UserRepository,
  { signal, onProgress }: OperationContext,
): Promise<Baseline | undefined> {
  const userIndex = await fingerprint(user.indexFile);
  // What git needs longest for is begun first.
  const trackedLater = trackedIgnored(repository.runner, repository.workspace);
  trackedLater.catch(() => undefined);
  const [head, isPartial, index] = await Promise.all([headTree(user), isPartialClone(user), readIndex(user)]);
  if (head === undefined || isPartial || index === undefined) {
    return undefined;
  }
  onProgress?.({ message: 'Reading the repository' });
  const { prefix, indexFile } = surroundings.workTree;
  const entries = ownEntries(index, prefix);
  const paths = entries.map(({ path }) => path.slice(prefix.length));
  const extras = seedExtras(repository, new WorkspaceReader(repository.workspace), paths, signal);
  extras.catch(() => undefined);
  const links = await adoptObjects(repository, user.objectFolder, head, signal);
  try {
    const workspaceTree = await subtree(repository, head, prefix);
    const [listed, filtered] = await Promise.all([
      listTree(repository, workspaceTree, signal),
      filteredPaths(repository, user, paths),
      writeFileAtomic(indexFile, serializeIndex(entries.map((entry) => trusted(entry, index.writtenSeconds)))),
    ]);
    const state = { workspaceTree, extras: await extras };
    const stale = stalePaths(entries, pathToBytes(prefix).length, paths, listed, filtered);
    const tracked = await trackedLater;
    const { rulesKey } = surroundings;
    repository.log.info(`The first checkpoint of ${repository.workspace} starts from its repository.`);
    return { root: undefined, state, isNew: false, ...stale, tracked, userIndex, rulesKey, maxUntrackedFileSize: 0 };
  } catch (error) {
    await links.undo();
    throw error;
  }
}

type UserIndex = ParsedIndex & { readonly writtenSeconds: number };

/** Undefined when there is none, or one that does not list every file by itself. */
async function readIndex(user: UserRepository): Promise<UserIndex | undefined> {
  const [facts, data] = [await factsOf(user.indexFile), await readBytes(user.indexFile)];
  if (facts === undefined || data === undefined) {
    return undefined;
  }
  const index = parseIndex(data);
  const isWhole =
    !index.extensions.some((name) => name === 'link' || name === 'sdir') &&
    !index.entries.some(({ mode }) => mode === SPARSE_FOLDER_MODE);
  return isWhole ? { ...index, writtenSeconds: Math.floor(facts.modifiedMs / 1000) } : undefined;
}

/** The files of the workspace folder that the user's index lists without conflict. */
function ownEntries(index: ParsedIndex, prefix: string): IndexEntry[] {
  return index.entries.filter(
    ({ path, stage, mode, intentToAdd }) =>
      path.startsWith(prefix) && stage === 0 && mode !== GITLINK_MODE && !intentToAdd,
  );
}

/**
 * An entry as it may be kept: without stat data where the user told git not to look, and where the file may have changed
 * after its entry without its times telling. A time of content can be set back, so the other one counts as well.
 */
function trusted(entry: IndexEntry, indexWrittenSeconds: number): RawIndexEntry {
  const isDoubtful = entry.assumeValid || entry.skipWorktree || indexChangeSeconds(entry.stat) >= indexWrittenSeconds;
  return isDoubtful ? doubted(entry) : entry;
}

/** Both in the order of their names. Where index and tree do not agree, or the file on disk cannot have the bytes of the blob. */
function stalePaths(
  entries: readonly IndexEntry[],
  prefixBytes: number,
  paths: readonly string[],
  listed: readonly ListedFile[],
  filtered: ReadonlySet<string>,
): Pick<Baseline, 'indexed' | 'unindexed'> {
  const indexed: string[] = [];
  const unindexed: string[] = [];
  let next = 0;
  entries.forEach((entry, position) => {
    const path = paths[position] ?? '';
    const name = entry.name.subarray(prefixBytes);
    let file = listed[next];
    for (; file !== undefined && Buffer.compare(file.name, name) < 0; file = listed[++next]) {
      unindexed.push(pathFromBytes(file.name));
    }
    if (file === undefined || !file.name.equals(name)) {
      indexed.push(path);
      return;
    }
    next += 1;
    if (!isSameFile(file, entry) || filtered.has(path)) {
      indexed.push(path);
    }
  });
  unindexed.push(...listed.slice(next).map(({ name }) => pathFromBytes(name)));
  return { indexed, unindexed };
}

function isSameFile(file: ListedFile, entry: IndexEntry): boolean {
  // Conversions of line ends and of "$Id$" only ever shorten what git stores: equal sizes mean equal bytes.
  return file.id === entry.id && file.mode === entry.mode && file.size % 2 ** 32 === indexedSize(entry.stat);
}

async function subtree(repository: ShadowRepository, tree: string, prefix: string): Promise<string> {
  if (prefix === '') {
    return tree;
  }
  const entry = await repository.objects.find(tree, prefix.slice(0, -1));
  return entry?.mode === '40000' ? entry.id : EMPTY_TREE;
}
