import type { SkippedPath, SkipReason } from '../../../core/coverage.ts';
import { throwIfCancelled } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import type { Candidates, Search } from './candidates.ts';
import { withIgnoreRules } from './candidates.ts';
import type { CapturedState, CaptureRequest, CaptureSettings } from './capture.ts';
import { saveBaseline } from './captureCache.ts';
import { readCandidates, readCovered } from './contentReading.ts';
import type { DefaultModes, Extras } from '../state/extras.ts';
import { mostCommonModes, updateModes } from './fileModes.ts';
import { foldersAbove, updateFolders } from './folderFacts.ts';
import type { TreeEntry } from '../git/gitObjects.ts';
import { needsRewrite, oversizedInIndex, rewriteIndex } from './keptIndex.ts';
import { ObjectWriter } from '../git/objectWriter.ts';
import { lookUpPaths } from '../state/pathLookup.ts';
import { PathReader } from './pathReader.ts';
import type { FreshPath } from './pathReader.ts';
import { readState, writeState } from '../state/stateTree.ts';
import { NewTrees } from '../git/treeSource.ts';
import { updateTree } from '../state/treeUpdate.ts';
import type { TreeChange } from '../state/treeUpdate.ts';

export interface CaptureInput {
  readonly search: Search;
  readonly candidates: Candidates;
  readonly settings: CaptureSettings;
  readonly request: CaptureRequest;
  readonly context: OperationContext;
  readonly startedAt: Date;
}

/** What all steps of one capture work with. */
export interface CaptureTools {
  readonly writer: ObjectWriter;
  readonly trees: NewTrees;
  readonly reader: PathReader;
}

/** What was read for a capture. */
export interface CaptureFindings {
  readonly fresh: ReadonlyMap<string, FreshPath>;
  /** What the baseline had at the paths of `fresh`. */
  readonly before: ReadonlyMap<string, TreeEntry>;
  /** Of `fresh`: captured only because the request covers them. */
  readonly covered: ReadonlySet<string>;
}

const SPECIAL: ReadonlySet<SkipReason> = new Set(['socket', 'pipe', 'device']);

/** Reads the candidates, makes the new state durable, and leaves a baseline for the next capture. */
export async function runCapture(input: CaptureInput): Promise<CapturedState> {
  const { repository, reader } = input.search;
  const writer = new ObjectWriter(repository.gitDir);
  const tools = { writer, trees: new NewTrees(repository.objects, writer), reader: new PathReader(reader, writer) };
  try {
    const { findings, workspaceTree } = await readEverything(input, tools);
    const state = { workspaceTree, extras: await makeExtras(input, tools, findings, workspaceTree) };
    const root = await writeState(writer, state);
    throwIfCancelled(input.context.signal);
    await writer.finish();
    await keepBaseline(input, findings, root);
    return { root, skipped: state.extras.skipped };
  } finally {
    await writer.discard();
  }
}

async function readEverything(
  input: CaptureInput,
  tools: CaptureTools,
): Promise<{ findings: CaptureFindings; workspaceTree: string }> {
  const { candidates, request } = input;
  const base = input.search.baseline.state.workspaceTree;
  const files = [...candidates.files, ...(await oversized(input))];
  const before = await lookUpPaths(tools.trees, base, files);
  tools.writer.assumePresent([...before.values()].map(({ id }) => id));
  tools.writer.assumePresent(await presentObjects(input, files));
  const fresh = await readCandidates(input, tools.reader, files);
  const workspaceTree = await updateTree(tools.trees, base, changesOf(fresh, candidates.dropped));
  if (request.covering === undefined) {
    return { findings: { fresh, before, covered: new Set() }, workspaceTree };
  }
  const covered = await readCovered(input, tools, workspaceTree, request.covering);
  return {
    findings: { fresh: new Map([...fresh, ...covered]), before, covered: new Set(covered.keys()) },
    workspaceTree: await updateTree(tools.trees, workspaceTree, changesOf(covered, [])),
  };
}

/** Files that a lowered size limit concerns although nothing about them has changed. */
async function oversized({ candidates, search, settings }: CaptureInput): Promise<string[]> {
  const limit = settings.maxUntrackedFileSize;
  if (limit >= search.baseline.maxUntrackedFileSize) {
    return [];
  }
  const paths = await oversizedInIndex(search.surroundings.workTree, limit);
  return paths.filter((path) => !candidates.files.has(path) && !candidates.dropped.has(path));
}

/** Ids that the store holds although the baseline does not tell. */
async function presentObjects({ search, request }: CaptureInput, files: readonly string[]): Promise<string[]> {
  const { repository, baseline } = search;
  const { root, state } = baseline;
  if (root !== undefined) {
    return [root, state.workspaceTree, ...(await repository.objects.tree(root)).map(({ id }) => id)];
  }
  if (request.previous === undefined) {
    return [];
  }
  try {
    const previous = await readState(repository.objects, request.previous);
    const entries = await lookUpPaths(repository.objects, previous.workspaceTree, files);
    return [...entries.values()].map(({ id }) => id);
  } catch (error) {
    repository.log.warn(`The newest checkpoint of ${repository.workspace} cannot be read: ${String(error)}`);
    return [];
  }
}

function changesOf(fresh: ReadonlyMap<string, FreshPath>, dropped: Iterable<string>): Map<string, TreeChange> {
  const changes = new Map<string, TreeChange>();
  for (const path of dropped) {
    changes.set(path, null);
  }
  for (const [path, found] of fresh) {
    changes.set(path, found.kind === 'content' ? { mode: found.mode, id: found.id } : null);
  }
  return changes;
}

async function makeExtras(
  input: CaptureInput,
  tools: CaptureTools,
  { fresh }: CaptureFindings,
  workspaceTree: string,
): Promise<Extras> {
  const { candidates, search } = input;
  const { extras } = search.baseline.state;
  const before = search.baseline.isNew ? { ...extras, defaults: await defaultsOf(tools, fresh) } : extras;
  const gone = [
    ...candidates.dropped,
    ...[...fresh].filter(([, { kind }]) => kind !== 'content').map(([path]) => path),
  ];
  const suspected = new Set([...before.emptyFolders.keys(), ...gone.flatMap(foldersAbove)]);
  const unreadable = new Set(candidates.skipped.map(({ path }) => path));
  return withIgnoreRules(search, async (ignored) => ({
    defaults: before.defaults,
    modes: updateModes(before, fresh, candidates.dropped),
    ...(await updateFolders({
      before,
      workspaceTree,
      ignored,
      trees: tools.trees,
      reader: tools.reader,
      found: candidates.folders,
      suspected: [...suspected].filter((path) => !unreadable.has(path)),
    })),
    skipped: await skippedPaths(input, tools.reader, fresh, ignored),
  }));
}

async function defaultsOf(tools: CaptureTools, fresh: ReadonlyMap<string, FreshPath>): Promise<DefaultModes> {
  const files = [...fresh.values()].filter((found) => found.kind === 'content' && found.mode !== '120000');
  const folders = (await tools.reader.seenFolders()).values();
  return mostCommonModes({
    files: files.map((found) => (found.kind === 'content' ? found.stat.permissions : 0)),
    folders: [...folders].filter((stat) => stat !== undefined).map((stat) => stat.permissions),
  });
}

async function skippedPaths(
  input: CaptureInput,
  reader: PathReader,
  fresh: ReadonlyMap<string, FreshPath>,
  ignored: (paths: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<SkippedPath[]> {
  const skipped = new Map(input.candidates.skipped.map((item) => [item.path, item]));
  for (const [path, found] of fresh) {
    if (found.kind === 'skipped') {
      const { reason, size } = found;
      skipped.set(path, { path, reason, ...(size === undefined ? {} : { size }) });
    }
  }
  for (const path of await remainingSpecialFiles(input, reader, ignored)) {
    skipped.set(path.path, path);
  }
  return [...skipped.values()];
}

/** Git never lists sockets, pipes and devices, so those that are known are looked at again. */
async function remainingSpecialFiles(
  { search, candidates }: CaptureInput,
  reader: PathReader,
  ignored: (paths: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<SkippedPath[]> {
  const known = search.baseline.state.extras.skipped.filter(({ reason }) => SPECIAL.has(reason));
  const remaining: SkippedPath[] = [];
  for (const { path } of known) {
    const found = candidates.files.has(path) ? undefined : await reader.read(path, () => true);
    if (found?.kind === 'skipped' && SPECIAL.has(found.reason)) {
      remaining.push({ path, reason: found.reason });
    }
  }
  const left = await ignored(remaining.map(({ path }) => path));
  return remaining.filter(({ path }) => !left.has(path));
}

async function keepBaseline(input: CaptureInput, findings: CaptureFindings, root: string): Promise<void> {
  const { candidates, search, settings } = input;
  const rewrite = needsRewrite(input, findings);
  if (rewrite) {
    await rewriteIndex(input, findings);
  }
  const captured = [...findings.fresh].filter(([, { kind }]) => kind === 'content').map(([path]) => path);
  await saveBaseline(search.repository, search.surroundings, root, {
    indexed: rewrite ? [] : [...candidates.inIndex],
    unindexed: rewrite ? [...findings.covered] : captured.filter((path) => !candidates.inIndex.has(path)),
    tracked: candidates.tracked,
    userIndex: candidates.userIndex,
    rulesKey: search.surroundings.rulesKey,
    maxUntrackedFileSize: settings.maxUntrackedFileSize,
  });
}
