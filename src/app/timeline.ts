import type { Checkpoint } from '../core/checkpoint.ts';
import { isCheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { CheckpointStore } from '../core/store.ts';

/**
 * The checkpoints of several stores as one time line, newest first. Within a store its own order holds, whatever the
 * clock said; a checkpoint without a time stands next to its older neighbour.
 */
export async function listTimeline(
  stores: readonly CheckpointStore[],
  context?: OperationContext,
): Promise<readonly Checkpoint[]> {
  const lists = await Promise.all(stores.map((store) => listStore(store, context)));
  return mergeNewestFirst(lists);
}

/** Newest first. */
export async function listStore(store: CheckpointStore, context?: OperationContext): Promise<readonly Checkpoint[]> {
  return unlessOutOfReach(store, () => store.list(context));
}

/** Nothing for a store that is out of reach, as its state tells: the others are shown all the same. */
export async function unlessOutOfReach<T>(
  store: CheckpointStore,
  read: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await read();
  } catch (error) {
    if (store.info.state === 'unavailable' && !isCheckpointError(error, 'cancelled')) {
      return [];
    }
    throw error;
  }
}

/** Merges lists that are each newest first. */
export function mergeNewestFirst(lists: readonly (readonly Checkpoint[])[]): readonly Checkpoint[] {
  const queues = lists.map(withTimes);
  const merged: Checkpoint[] = [];
  for (;;) {
    let newest: Row[] | undefined;
    for (const queue of queues) {
      if (isNewer(queue.at(-1), newest?.at(-1))) {
        newest = queue;
      }
    }
    const row = newest?.pop();
    if (row === undefined) {
      return merged;
    }
    merged.push(row.checkpoint);
  }
}

interface Row {
  readonly checkpoint: Checkpoint;
  /** RFC 3339 in UTC, so that the order of texts is the order of times. Empty before all times. */
  readonly time: string;
}

/** Oldest first, each checkpoint with its time or that of its older neighbour. */
function withTimes(newestFirst: readonly Checkpoint[]): Row[] {
  let time = '';
  return newestFirst.toReversed().map((checkpoint) => {
    time = checkpoint.createdAt ?? time;
    return { checkpoint, time };
  });
}

function isNewer(row: Row | undefined, other: Row | undefined): boolean {
  return row !== undefined && (other === undefined || row.time > other.time);
}
