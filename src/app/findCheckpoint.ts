import type { Checkpoint } from '../core/checkpoint.ts';
import { CheckpointError } from '../core/error.ts';
import type { Capabilities, CheckpointStore } from '../core/store.ts';
import { listTimeline } from './timeline.ts';

/** A checkpoint together with the store that holds it. */
export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly store: CheckpointStore;
}

const LATEST = '@latest';

/**
 * The checkpoint that a text names: `@latest`, an id, a name, a title, or a unique prefix of an id.
 * @param needed What has to be possible with it: a checkpoint of a store that cannot do that is taken only where the text
 * names no other.
 * @throws CheckpointError `notFound`, or `ambiguous` with the ids in `details.ids`.
 */
export async function findCheckpoint(
  stores: readonly CheckpointStore[],
  text: string,
  needed?: keyof Capabilities,
): Promise<FoundCheckpoint> {
  const checkpoints = await listTimeline(stores);
  const isAble = (checkpoint: Checkpoint): boolean =>
    needed === undefined || storeOf(stores, checkpoint).capabilities[needed].available;
  const able = matching(checkpoints.filter(isAble), text);
  const matches = able.length > 0 ? able : matching(checkpoints, text);
  const [checkpoint] = matches;
  if (checkpoint === undefined) {
    throw notFound(text, checkpoints.length);
  }
  if (matches.length > 1) {
    throw new CheckpointError('ambiguous', `"${text}" names ${matches.length} checkpoints.`, {
      hint: 'Use the id, or more of its characters.',
      details: { text, ids: matches.map((match) => match.id) },
    });
  }
  return { checkpoint, store: storeOf(stores, checkpoint) };
}

/**
 * The store that holds a checkpoint.
 * @throws CheckpointError `notFound` when it is none of these.
 */
export function storeOf(stores: readonly CheckpointStore[], checkpoint: Checkpoint): CheckpointStore {
  const store = stores.find((candidate) => candidate.info.id === checkpoint.store);
  if (store === undefined) {
    throw new CheckpointError('notFound', `There is no store "${checkpoint.store}" here.`);
  }
  return store;
}

function matching(checkpoints: readonly Checkpoint[], text: string): readonly Checkpoint[] {
  if (text === LATEST) {
    return checkpoints.slice(0, 1);
  }
  if (text === '') {
    return [];
  }
  const rules: ((checkpoint: Checkpoint) => boolean)[] = [
    (checkpoint) => checkpoint.id === text,
    (checkpoint) => checkpoint.name === text,
    (checkpoint) => checkpoint.label === text,
    (checkpoint) => checkpoint.id.startsWith(text),
  ];
  const found = rules.map((rule) => checkpoints.filter(rule));
  return found.find((matches) => matches.length > 0) ?? [];
}

function notFound(text: string, count: number): CheckpointError {
  if (count === 0) {
    return new CheckpointError('notFound', 'This folder has no checkpoints yet.', {
      hint: 'Create the first one.',
      details: { text },
    });
  }
  return new CheckpointError('notFound', `There is no checkpoint "${text}".`, {
    hint: 'List the checkpoints to see their ids and names.',
    details: { text },
  });
}
