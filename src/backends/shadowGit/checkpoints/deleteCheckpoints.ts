import { CheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { refuseNeededByRestore } from '../restore/openRestore.ts';
import type { StoreParts } from '../storeParts.ts';

/** Deletes the refs of these checkpoints. What they alone held goes with the next idle repack. */
export function deleteCheckpoints(
  parts: StoreParts,
  ids: readonly string[],
  context?: OperationContext,
): Promise<void> {
  const remove = async (): Promise<void> => {
    const { byId, unreadable } = await parts.catalog.read();
    const unknown = ids.filter((id) => !byId.has(id) && !unreadable.includes(id));
    if (unknown.length > 0) {
      throw new CheckpointError('notFound', `There is no checkpoint "${unknown.join('", "')}".`, {
        details: { ids: unknown, deleted: [] },
      });
    }
    await refuseNeededByRestore(parts.repository, ids);
    await removeRefs(parts, ids);
  };
  return parts.reserve.lendTo(() => parts.lock.run(remove, context));
}

/** The caller holds the lock. */
export async function removeRefs(parts: StoreParts, ids: readonly string[]): Promise<void> {
  const { refs } = parts.catalog;
  try {
    await refs.delete(ids);
  } catch (cause) {
    const left = await refs.read();
    const deleted = ids.filter((id) => !left.has(id));
    throw new CheckpointError('commandFailed', `${deleted.length} of ${ids.length} checkpoints were deleted.`, {
      hint: 'Run the doctor to see what is wrong with the store.',
      details: { deleted },
      cause,
    });
  }
  try {
    await parts.catalog.save();
    await parts.repacker.noteDeletions(ids.length);
  } catch (error) {
    // The checkpoints are gone, and what could not be noted is found out again from what is there.
    parts.log.warn(`A deletion could not be noted: ${String(error)}`);
  }
}
