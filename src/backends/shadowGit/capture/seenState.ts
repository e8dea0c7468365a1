import { CheckpointError } from '../../../core/error.ts';
import type { StatePoint } from '../../../core/restorePlan.ts';
import type { CapturedState } from './capture.ts';
import { requireComplete } from '../git/missingObjects.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { readState } from '../state/stateTree.ts';

/** No checkpoint's id begins so. */
const SEEN = 'seen-';

/** The name of a captured state that no checkpoint holds. */
export function seenPoint(root: string): StatePoint {
  return SEEN + root;
}

/** The root tree of such a state; undefined for any other point. */
export function seenRoot(point: StatePoint): string | undefined {
  return point.startsWith(SEEN) ? point.slice(SEEN.length) : undefined;
}

/** Throws `notFound` for a state that the housekeeping took away meanwhile. */
export async function requireSeen(repository: ShadowRepository, point: StatePoint): Promise<CapturedState> {
  const root = seenRoot(point) ?? '';
  try {
    await requireComplete(repository, root);
    const { extras } = await readState(repository.objects, root);
    return { root, skipped: extras.skipped };
  } catch (cause) {
    throw new CheckpointError('notFound', 'The state that was seen is no longer in the store.', { cause });
  }
}
