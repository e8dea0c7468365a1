import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../../../platform/atomicFile.ts';
import { readTextIfThere, removeFile } from '../../../platform/dataFiles.ts';
import { readFileEnd, replaceFile } from '../../../platform/repositoryFolder.ts';
import { NO_EXTRAS } from '../state/extras.ts';
import { EMPTY_TREE } from '../git/gitObjects.ts';
import { readState } from '../state/stateTree.ts';
import type { State } from '../state/stateTree.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * What the last capture knows for the next one. The index vouches for what it lists, but for these paths.
 */
export interface CaptureFacts {
  /** Paths of the index whose content in the last state may be another one than the index says. */
  readonly indexed: readonly string[];
  /** Paths of the last state that are not in the index. */
  readonly unindexed: readonly string[];
  /** Files that the user's repository tracks although a rule ignores them. */
  readonly tracked: readonly string[];
  /** Fingerprint of the user's index when `tracked` was asked for. */
  readonly userIndex: string;
  readonly rulesKey: string;
  readonly maxUntrackedFileSize: number;
}

/** A state whose every object is in the store, and what vouches for it. */
export interface Baseline extends CaptureFacts {
  /** Undefined for a state that is not in the store as a whole (a seed, or nothing). */
  readonly root: string | undefined;
  readonly state: State;
  /** The first of all states: what its permission bits usually are is not known yet. */
  readonly isNew: boolean;
}

const paths = z.array(z.string());
const schema = z.object({
  root: z.string(),
  index: z.string(),
  indexed: paths,
  unindexed: paths,
  tracked: paths,
  userIndex: z.string(),
  rulesKey: z.string(),
  maxUntrackedFileSize: z.number(),
  top: z.string(),
});

/** Keeps the objects of the last captured state from being pruned, also when no checkpoint holds it. */
const REF = 'refs/snapshot-timeline/capture';
const CHECKSUM_BYTES = 20;

/**
 * The baseline that the last capture left; undefined when its parts are missing or do not belong together, so that
 * everything has to be read from disk.
 */
export async function loadBaseline(
  repository: ShadowRepository,
  surroundings: Surroundings,
): Promise<Baseline | undefined> {
  const parsed = schema.safeParse(await readJson(join(repository.dataFolder, 'capture.json')));
  if (!parsed.success) {
    return undefined;
  }
  const { root, index, top, ...facts } = parsed.data;
  const [ref, checksum] = await Promise.all([readRef(repository), indexChecksum(surroundings.workTree.indexFile)]);
  if (ref !== root || checksum !== index || top !== surroundings.workTree.top) {
    return undefined;
  }
  const state = await readState(repository.objects, root).catch(() => undefined);
  return state && { ...facts, root, state, isNew: false };
}

/** Leaves a baseline for the next capture. All its objects must be durable. */
export async function saveBaseline(
  repository: ShadowRepository,
  surroundings: Surroundings,
  root: string,
  facts: CaptureFacts,
): Promise<void> {
  const { indexFile, top } = surroundings.workTree;
  const content = { root, index: await indexChecksum(indexFile), top, ...facts };
  await replaceFile(join(repository.gitDir, REF), `${root}\n`);
  await replaceFile(join(repository.dataFolder, 'capture.json'), `${JSON.stringify(content)}\n`);
}

/** Nothing is known: everything is read from disk. */
export async function emptyBaseline(
  repository: ShadowRepository,
  surroundings: Surroundings,
  previous: string | undefined,
): Promise<Baseline> {
  await removeFile(surroundings.workTree.indexFile);
  const before = previous && (await readState(repository.objects, previous).catch(() => undefined));
  return {
    root: undefined,
    state: {
      workspaceTree: EMPTY_TREE,
      extras: before ? { ...NO_EXTRAS, defaults: before.extras.defaults } : NO_EXTRAS,
    },
    isNew: !before,
    indexed: [],
    unindexed: [],
    tracked: [],
    userIndex: '',
    rulesKey: surroundings.rulesKey,
    maxUntrackedFileSize: 0,
  };
}

async function readRef(repository: ShadowRepository): Promise<string | undefined> {
  const loose = await readTextIfThere(join(repository.gitDir, REF));
  if (loose !== undefined) {
    return loose.trim();
  }
  const packed = (await readTextIfThere(join(repository.gitDir, 'packed-refs'))) ?? '';
  return packed
    .split('\n')
    .find((line) => line.endsWith(` ${REF}`))
    ?.split(' ')[0];
}

async function indexChecksum(indexFile: string): Promise<string> {
  return (await readFileEnd(indexFile, CHECKSUM_BYTES)).toString('hex');
}
