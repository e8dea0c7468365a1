import { type Change, type Entry, sameEntry } from '../../../core/change.ts';
import { CheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { parseRawDiffs, RAW_DIFF, type RawDiff, type RawEntry, type RawRow } from '../../../platform/rawDiff.ts';
import { foldersAbove } from '../../../platform/relativePath.ts';
import { type Extras, fileMode } from './extras.ts';
import { EMPTY_TREE } from '../git/gitObjects.ts';
import { changeKind } from '../checkpoints/journalLine.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
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
    const compared = some.map(async ({ from, to }, index) => {
      const [before, after] = [states.get(from) as StateLookup, states.get(to) as StateLookup];
      const known = await Promise.all([completed(before, after), completed(after, before)]);
      return withoutUnknown(await withExtras(...known, rows[start + index] ?? []), known);
    });
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

const WORKSPACE = 'workspace/';

async function diffTrees(
  repository: ShadowRepository,
  pairs: readonly TreePair[],
  context?: OperationContext,
): Promise<RawRow[][]> {
  if (pairs.length === 0) {
    return [];
  }
  const lines = pairs.map(({ from, to }) => `${from || EMPTY_TREE} ${to || EMPTY_TREE}\n`);
  const { stdout } = await repository
    .git([...RAW_DIFF, '-r'], {
      stdin: Buffer.from(lines.join('')),
      ...(context?.signal === undefined ? {} : { signal: context.signal }),
    })
    .catch(missingObject);
  const diffs = parseRawDiffs(stdout);
  // git passes over a pair in silence when it cannot read one of the two.
  if (diffs.length !== pairs.length) {
    throw new CheckpointError('corrupt', 'The store lacks a tree that a checkpoint needs.');
  }
  return diffs.map(workspaceRows);
}

function missingObject(error: unknown): never {
  if (error instanceof CheckpointError && error.reason === 'commandFailed') {
    throw new CheckpointError('corrupt', 'The store lacks an object that a checkpoint needs.', { cause: error });
  }
  throw error;
}

/** The rows of the workspace, by paths in it. A link to another repository's commit counts as nothing: it holds no content. */
function workspaceRows({ rows }: RawDiff): RawRow[] {
  return rows.flatMap(({ path, before, after }) =>
    path.startsWith(WORKSPACE)
      ? [{ path: path.slice(WORKSPACE.length), before: withContent(before), after: withContent(after) }]
      : [],
  );
}

function withContent(entry: RawEntry | undefined): RawEntry | undefined {
  return entry?.mode === '160000' ? undefined : entry;
}

function toEntry(entry: RawEntry | undefined, path: string, extras: Extras): Entry | undefined {
  if (entry === undefined) {
    return undefined;
  }
  return entry.mode === '120000'
    ? { type: 'symlink', mode: 0o777, content: entry.id }
    : { type: 'file', mode: fileMode(extras, path, entry.mode === '100755'), content: entry.id };
}

/** What is not known of a state that only git's tree is there of is no difference from another. */
async function completed(state: StateLookup, other: StateLookup): Promise<StateLookup> {
  const canBe = other.extras.gitOnly === undefined && other.workspaceTree !== '';
  return state.extras.gitOnly !== undefined && canBe ? state.completedFrom(other) : state;
}

function withoutUnknown(changes: Change[], states: readonly StateLookup[]): Change[] {
  const unknown = new Set(
    states.flatMap(({ extras }) => (extras.gitOnly === undefined ? [] : extras.skipped.map(({ path }) => path))),
  );
  return unknown.size === 0
    ? changes
    : changes.filter(({ path }) => ![path, ...foldersAbove(path)].some((place) => unknown.has(place)));
}

/** Adds what git's trees do not hold: permission bits, and folders. */
async function withExtras(from: StateLookup, to: StateLookup, rows: readonly RawRow[]): Promise<Change[]> {
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
