import { type Change, type Entry, sameEntry } from '../../core/change.ts';
import { CheckpointError } from '../../core/error.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import { pathFromBytes } from '../../platform/pathBytes.ts';
import { type Extras, fileMode } from './extras.ts';
import { EMPTY_TREE } from './gitObjects.ts';
import { changeKind } from './journalLine.ts';
import type { ShadowRepository } from './shadowRepository.ts';
import { StateLookup } from './stateLookup.ts';

/** Two root trees to compare; an empty `from` is a state without any file. */
export interface TreePair {
  readonly from: string;
  readonly to: string;
}

/** The difference between two states, sorted by path, without sizes. Throws `corrupt` where an object is missing. */
export async function diffStates(
  repository: ShadowRepository,
  from: string,
  to: string,
  context?: OperationContext,
): Promise<Change[]> {
  const [changes] = await diffManyStates(repository, [{ from, to }], context);
  return changes ?? [];
}

/** The differences of many pairs, by one process. */
export async function diffManyStates(
  repository: ShadowRepository,
  pairs: readonly TreePair[],
  context?: OperationContext,
): Promise<Change[][]> {
  const rows = await diffTrees(repository, pairs, context);
  const results: Change[][] = [];
  for (let start = 0; start < pairs.length; start += AT_ONCE) {
    const some = pairs.slice(start, start + AT_ONCE);
    const states = await openStates(repository, some);
    const compared = some.map(({ from, to }, index) =>
      withExtras(states.get(from) as StateLookup, states.get(to) as StateLookup, rows[start + index] ?? []),
    );
    results.push(...(await Promise.all(compared)));
  }
  return results;
}

/** Neighbours share a state, so states are opened together; but not so many that all their extras fill the memory. */
const AT_ONCE = 100;

async function openStates(
  repository: ShadowRepository,
  pairs: readonly TreePair[],
): Promise<ReadonlyMap<string, StateLookup>> {
  const roots = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  const opened = [...roots].map(async (root) => [root, await StateLookup.open(repository, root)] as const);
  return new Map(await Promise.all(opened));
}

/** One line of `git diff-tree --raw`. The git modes are empty where the path does not exist. */
interface TreeRow {
  readonly path: string;
  readonly before: GitEntry | undefined;
  readonly after: GitEntry | undefined;
}

interface GitEntry {
  readonly mode: string;
  readonly id: string;
}

const WORKSPACE = 'workspace/';

async function diffTrees(
  repository: ShadowRepository,
  pairs: readonly TreePair[],
  context?: OperationContext,
): Promise<TreeRow[][]> {
  if (pairs.length === 0) {
    return [];
  }
  const lines = pairs.map(({ from, to }) => `${from || EMPTY_TREE} ${to || EMPTY_TREE}\n`);
  const { stdout } = await repository
    .git(['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', '--no-ext-diff'], {
      stdin: Buffer.from(lines.join('')),
      ...(context?.signal === undefined ? {} : { signal: context.signal }),
    })
    .catch(missingObject);
  const blocks = parseRawDiffs(stdout);
  // git passes over a pair in silence when it cannot read one of the two.
  if (blocks.length !== pairs.length) {
    throw new CheckpointError('corrupt', 'The store lacks a tree that a checkpoint needs.');
  }
  return blocks;
}

function missingObject(error: unknown): never {
  if (error instanceof CheckpointError && error.reason === 'commandFailed') {
    throw new CheckpointError('corrupt', 'The store lacks an object that a checkpoint needs.', { cause: error });
  }
  throw error;
}

/**
 * The output of `git diff-tree --stdin -r -z --raw` (git's "raw output format"): per pair a line with both ids, then
 * `:mode mode id id status`, NUL, path, NUL.
 */
export function parseRawDiffs(bytes: Buffer): TreeRow[][] {
  const blocks: TreeRow[][] = [];
  let rows: TreeRow[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== COLON) {
      rows = [];
      blocks.push(rows);
      at = bytes.indexOf(LINE_FEED, at) + 1;
      continue;
    }
    const fieldsEnd = bytes.indexOf(0, at);
    const pathEnd = bytes.indexOf(0, fieldsEnd + 1);
    const path = pathFromBytes(bytes.subarray(fieldsEnd + 1, pathEnd));
    if (path.startsWith(WORKSPACE)) {
      const fields = bytes.toString('latin1', at + 1, fieldsEnd).split(' ');
      const [modeBefore = '', modeAfter = '', idBefore = '', idAfter = ''] = fields;
      rows.push({
        path: path.slice(WORKSPACE.length),
        before: gitEntry(modeBefore, idBefore),
        after: gitEntry(modeAfter, idAfter),
      });
    }
    at = pathEnd + 1;
  }
  return blocks;
}

const COLON = 0x3a;
const LINE_FEED = 0x0a;
const NOTHING = '000000';

function gitEntry(mode: string, id: string): GitEntry | undefined {
  return mode === NOTHING ? undefined : { mode, id };
}

function toEntry(entry: GitEntry | undefined, path: string, extras: Extras): Entry | undefined {
  if (entry === undefined) {
    return undefined;
  }
  return entry.mode === '120000'
    ? { type: 'symlink', mode: 0o777, content: entry.id }
    : { type: 'file', mode: fileMode(extras, path, entry.mode === '100755'), content: entry.id };
}

/** Adds what git's trees do not hold: permission bits, and folders. */
async function withExtras(from: StateLookup, to: StateLookup, rows: readonly TreeRow[]): Promise<Change[]> {
  const changes = new Map<string, Change>();
  const inRows = new Set<string>();
  for (const { path, before, after } of rows) {
    inRows.add(path);
    put(changes, path, toEntry(before, path, from.extras), toEntry(after, path, to.extras));
  }
  for (const path of await pathsBesideRows(from, to, inRows)) {
    const [before, after] = [await from.entry(path), await to.entry(path)];
    put(
      changes,
      path,
      impliedFolder(path, before, after, from.extras) ? undefined : before,
      impliedFolder(path, after, before, to.extras) ? undefined : after,
    );
  }
  return [...changes.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether it goes without saying that this folder is in the one state only: what it holds is listed. */
function impliedFolder(
  path: string,
  entry: Entry | undefined,
  other: Entry | undefined,
  { emptyFolders }: Extras,
): boolean {
  return entry?.type === 'folder' && other?.type !== 'folder' && !emptyFolders.has(path);
}

/** Paths that may differ although git's comparison of the trees cannot tell: permission bits and folders. */
async function pathsBesideRows(from: StateLookup, to: StateLookup, inRows: ReadonlySet<string>): Promise<Set<string>> {
  if (from.workspaceTree !== '' && !sameDefaults(from.extras, to.extras)) {
    return new Set([...(await from.paths()), ...(await to.paths())]);
  }
  const files = differing(from.extras.modes, to.extras.modes).filter((path) => !inRows.has(path));
  const folders = [
    ...differing(from.extras.emptyFolders, to.extras.emptyFolders),
    ...differing(from.extras.folderModes, to.extras.folderModes),
  ];
  return new Set([...files, ...folders]);
}

function differing(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): string[] {
  return [...a, ...b].flatMap(([path]) => (a.get(path) === b.get(path) ? [] : [path]));
}

function put(changes: Map<string, Change>, path: string, before: Entry | undefined, after: Entry | undefined): void {
  if (sameEntry(before, after)) {
    changes.delete(path);
    return;
  }
  changes.set(path, {
    path,
    kind: changeKind(before, after),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function sameDefaults({ defaults: a }: Extras, { defaults: b }: Extras): boolean {
  return a.file === b.file && a.executable === b.executable && a.folder === b.folder;
}
