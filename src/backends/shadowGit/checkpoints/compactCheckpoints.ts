import type { Checkpoint } from '../../../core/checkpoint.ts';
import { CheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import type { CatalogState } from './catalog.ts';
import type { CapturedState } from '../capture/capture.ts';
import type { CheckpointMetadata } from './checkpointCommit.ts';
import { chooseName } from './checkpointNames.ts';
import { freeId, keepCheckpoint, metadataOf } from './createCheckpoint.ts';
import { removeRefs } from './deleteCheckpoints.ts';
import { refuseNeededByRestore } from '../restore/openRestore.ts';
import { requireComplete } from '../git/missingObjects.ts';
import type { Extras } from '../state/extras.ts';
import type { TreeEntry } from '../git/gitObjects.ts';
import type { JournalLine } from './journalLine.ts';
import { ObjectWriter } from '../git/objectWriter.ts';
import { StateLookup } from '../state/stateLookup.ts';
import type { StoreParts } from '../storeParts.ts';
import { writeState } from '../state/stateTree.ts';
import { toCheckpoint } from './toCheckpoint.ts';
import { NewTrees } from '../git/treeSource.ts';
import { type TreeChange, updateTree } from '../state/treeUpdate.ts';

/**
 * Makes one checkpoint of several: the state of the newest, at its place in time. What the newest had skipped is taken
 * from the newest source that holds it; what it had deleted stays deleted. The sources go once the result is on disk.
 */
export function compactCheckpoints(
  parts: StoreParts,
  ids: readonly string[],
  label: string | undefined,
  context?: OperationContext,
): Promise<Checkpoint> {
  return parts.lock.run(async () => {
    const state = await parts.catalog.read();
    const sources = await findSources(parts, state, new Set(ids));
    await refuseNeededByRestore(parts.repository, ids);
    const newest = sources.at(-1) as JournalLine;
    const captured = await mergeStates(parts, sources);
    await requireComplete(parts.repository, captured.root, context);
    const others = metadataOf(state).filter(({ id }) => !ids.includes(id));
    const metadata: CheckpointMetadata = {
      ...newest.metadata,
      ...chooseName(label ?? newest.metadata.label, others, new Date(newest.metadata.createdAt)),
      id: freeId(state),
      origin: 'manual',
    };
    await keepCheckpoint(parts, state, captured, metadata);
    await removeRefs(
      parts,
      sources.map((source) => source.metadata.id),
    );
    return toCheckpoint(await parts.catalog.get(metadata.id));
  }, context);
}

/** Oldest first. */
async function findSources(parts: StoreParts, state: CatalogState, ids: ReadonlySet<string>): Promise<JournalLine[]> {
  for (const id of ids) {
    await parts.catalog.get(id);
  }
  const sources = state.checkpoints.filter(({ metadata }) => ids.has(metadata.id));
  if (sources.length < 2) {
    throw new CheckpointError('usage', 'Compacting takes at least two checkpoints.');
  }
  const pinned = sources.find(({ metadata }) => metadata.pinned);
  if (pinned !== undefined) {
    const { id, label } = pinned.metadata;
    throw new CheckpointError('conflict', `The checkpoint "${label}" is pinned, so it cannot be compacted away.`, {
      hint: 'Unpin it first, or leave it out.',
      details: { id, label },
    });
  }
  return sources;
}

async function mergeStates(parts: StoreParts, sources: readonly JournalLine[]): Promise<CapturedState> {
  const { repository } = parts;
  const [newest, ...older] = await Promise.all(
    sources.toReversed().map((source) => StateLookup.open(repository, source.root)),
  );
  const found = newest === undefined ? new Map<string, Held>() : await findSkipped(newest, older);
  const last = sources.at(-1) as JournalLine;
  if (newest === undefined || found.size === 0) {
    return { root: last.root, skipped: last.skipped };
  }
  const writer = new ObjectWriter(repository.gitDir);
  try {
    const files = [...found].map(([path, { entry }]): [string, TreeChange] => [path, fileOf(entry)]);
    const trees = new NewTrees(repository.objects, writer);
    const workspaceTree = await updateTree(trees, newest.workspaceTree, new Map(files));
    const extras = withModes(newest.extras, found);
    const root = await writeState(writer, { workspaceTree, extras });
    await writer.finish();
    return { root, skipped: extras.skipped };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** A file or link that an older source holds, with the permission bits that it has there. */
interface Held {
  readonly entry: TreeEntry;
  readonly mode: number;
}

/** What the newest state skipped, from the first of the older states (newest first) that holds it. */
async function findSkipped(newest: StateLookup, older: readonly StateLookup[]): Promise<Map<string, Held>> {
  const found = new Map<string, Held>();
  for (const { path } of newest.extras.skipped) {
    for (const state of older) {
      const entry = await state.treeEntry(path);
      const mode = (await state.entry(path))?.mode;
      if (entry !== undefined && entry.mode !== '40000' && mode !== undefined) {
        found.set(path, { entry, mode });
        break;
      }
    }
  }
  return found;
}

function fileOf({ mode, id }: TreeEntry): TreeChange {
  return mode === '40000' || mode === '160000' ? null : { mode, id };
}

function withModes(extras: Extras, found: ReadonlyMap<string, Held>): Extras {
  const modes = new Map(extras.modes);
  for (const [path, { entry, mode }] of found) {
    const usual = entry.mode === '100755' ? extras.defaults.executable : extras.defaults.file;
    if (entry.mode !== '120000' && mode !== usual) {
      modes.set(path, mode);
    }
  }
  const holdsFound = ([folder]: [string, number]): boolean =>
    [...found.keys()].some((path) => path.startsWith(`${folder}/`));
  const filled = [...extras.emptyFolders].filter(holdsFound);
  return {
    ...extras,
    modes,
    emptyFolders: new Map([...extras.emptyFolders].filter((folder) => !holdsFound(folder))),
    folderModes: new Map([...extras.folderModes, ...filled.filter(([, mode]) => mode !== extras.defaults.folder)]),
    skipped: extras.skipped.filter(({ path }) => !found.has(path)),
  };
}
