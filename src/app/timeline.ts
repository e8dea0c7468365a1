import type { Checkpoint } from '../core/checkpoint.ts';
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
  const lists = await Promise.all(stores.map((store) => store.list(context)));
  return mergeNewestFirst(lists);
}

/** Merges lists that are each newest first. */
export function mergeNewestFirst(lists: readonly (readonly Checkpoint[])[]): readonly Checkpoint[] {
  const heads = lists.map(() => 0);
  const merged: Checkpoint[] = [];
  for (;;) {
    let best: { readonly list: number; readonly checkpoint: Checkpoint } | undefined;
    for (const [list, head] of heads.entries()) {
      const checkpoint = lists[list]?.[head];
      if (checkpoint !== undefined && (best === undefined || isNewer(checkpoint, best.checkpoint))) {
        best = { list, checkpoint };
      }
    }
    if (best === undefined) {
      return merged;
    }
    merged.push(best.checkpoint);
    heads[best.list] = (heads[best.list] ?? 0) + 1;
  }
}

function isNewer(a: Checkpoint, b: Checkpoint): boolean {
  return (a.createdAt ?? '') > (b.createdAt ?? '');
}
