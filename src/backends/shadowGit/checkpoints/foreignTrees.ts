import type { Checkpoint } from '../../../core/checkpoint.ts';
import { CheckpointError, isCheckpointError } from '../../../core/error.ts';
import type { ForeignTree, ForeignTrees, KeptAs } from '../../../core/foreignTrees.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { pipeOutput } from '../../../platform/pipeOutput.ts';
import type { CatalogState } from './catalog.ts';
import type { CheckpointMetadata } from './checkpointCommit.ts';
import { chooseName } from './checkpointNames.ts';
import { freeId, keepCheckpoint, metadataOf } from './createCheckpoint.ts';
import { NO_EXTRAS } from '../state/extras.ts';
import { requireComplete } from '../git/missingObjects.ts';
import { ObjectWriter } from '../git/objectWriter.ts';
import { seenPoint } from '../capture/seenState.ts';
import { ShadowFileAccess } from './shadowFileAccess.ts';
import { alsoReading, type ShadowRepository } from '../git/shadowRepository.ts';
import type { States } from '../state/states.ts';
import { writeState } from '../state/stateTree.ts';
import type { StoreParts } from '../storeParts.ts';
import { toCheckpoint } from './toCheckpoint.ts';

/**
 * The trees in a repository with this folder of objects, as states of the store. `states` are those of the store, and
 * `noted` runs what changes its list.
 */
export function openForeignTrees(
  parts: StoreParts,
  states: States,
  noted: <T>(operation: () => Promise<T>) => Promise<T>,
  objectFolder: string,
): ForeignTrees {
  const looking = alsoReading(parts.repository, objectFolder);
  return {
    state: async (tree) => seenPoint(await writeForeignState(parts.repository, tree)),
    files: new ShadowFileAccess(looking, parts.catalog, states),
    take: async (tree, context) => seenPoint(await copyState(parts, looking, tree, context)),
    keep: (tree, as, context) =>
      noted(() => parts.lock.run(() => keepState(parts, looking, tree, as, context), context)),
    dispose: () => looking.dispose(),
  };
}

/** Writes the root tree of a foreign state, and nothing of what it holds. */
async function writeForeignState(
  repository: ShadowRepository,
  { id, skipped, largestFile }: ForeignTree,
): Promise<string> {
  const writer = new ObjectWriter(repository.gitDir);
  try {
    const extras = { ...NO_EXTRAS, skipped, gitOnly: { largestFile } };
    const root = await writeState(writer, { workspaceTree: id, extras });
    await writer.finish();
    return root;
  } finally {
    await writer.discard();
  }
}

async function copyState(
  { repository, catalog }: StoreParts,
  looking: ShadowRepository,
  tree: ForeignTree,
  context?: OperationContext,
): Promise<string> {
  const root = await writeForeignState(repository, tree);
  if (await isComplete(repository, root, context)) {
    return root;
  }
  const newest = (await catalog.read()).checkpoints.at(-1);
  const wanted = [tree.id, ...(newest === undefined ? [] : [`^${newest.root}`])];
  const signal = context?.signal === undefined ? {} : { signal: context.signal };
  const packed = looking.gitStream(['pack-objects', '--revs', '--stdout', '-q'], {
    stdin: Buffer.from(`${wanted.join('\n')}\n`),
    ...signal,
  });
  await pipeOutput(packed, (stdin) => repository.git(['index-pack', '--stdin'], { stdin, ...signal })).catch(
    lackingObjects,
  );
  await requireComplete(repository, root, context);
  return root;
}

async function isComplete(repository: ShadowRepository, root: string, context?: OperationContext): Promise<boolean> {
  try {
    await requireComplete(repository, root, context);
    return true;
  } catch (error) {
    if (isCheckpointError(error, 'corrupt') || isCheckpointError(error, 'commandFailed')) {
      return false;
    }
    throw error;
  }
}

function lackingObjects(error: unknown): never {
  if (isCheckpointError(error, 'commandFailed')) {
    throw new CheckpointError('corrupt', 'The other repository lacks an object of this state.', { cause: error });
  }
  throw error;
}

/** The caller holds the lock. */
async function keepState(
  parts: StoreParts,
  looking: ShadowRepository,
  tree: ForeignTree,
  as: KeptAs,
  context?: OperationContext,
): Promise<Checkpoint> {
  const root = await copyState(parts, looking, tree, context);
  const state = await parts.catalog.read();
  const before = state.checkpoints.find((line) => line.root === root && line.metadata.origin === 'foreign');
  if (before !== undefined) {
    return toCheckpoint(before);
  }
  const createdAt = as.createdAt ?? parts.clock.now().toISOString();
  const metadata: CheckpointMetadata = {
    format: 1,
    id: freeId(state),
    seq: seqAt(state, createdAt),
    ...chooseName(as.label, metadataOf(state), new Date(createdAt)),
    note: as.note,
    createdAt,
    exactTime: false,
    origin: 'foreign',
    pinned: false,
    stateful: false,
    scope: ['workspace'],
  };
  return toCheckpoint(await keepCheckpoint(parts, state, { root, skipped: tree.skipped }, metadata));
}

/** The number of the checkpoint after which one of that time belongs: of equal numbers the time decides. */
function seqAt({ checkpoints }: CatalogState, createdAt: string): number {
  return checkpoints.findLast(({ metadata }) => metadata.createdAt <= createdAt)?.metadata.seq ?? 0;
}
