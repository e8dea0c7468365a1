import type { OperationContext } from '../../../core/operationContext.ts';
import type { DoctorReport } from '../../../core/store.ts';
import { setMode } from '../../../platform/dataFiles.ts';
import { type Examined, examineStore } from './examineStore.ts';
import { findLeftovers, removeLeftovers } from './leftoverFiles.ts';
import { adoptMovedCheckpoints, findMovedCheckpoints } from './movedCheckpoints.ts';

/**
 * Mends what can be mended without losing anything, and returns what is left. Taking the lock removes a stale one. Nothing
 * is repacked or forgotten while objects are missing: what is left of a damaged checkpoint is not thrown away.
 */
export async function repairStore(parts: Examined, context?: OperationContext): Promise<DoctorReport> {
  const before = await examineStore(parts, context);
  const isDamaged = before.findings.some(({ severity }) => severity === 'error');
  await parts.lock.run(async () => {
    const { dataFolder } = parts.repository;
    await setMode(dataFolder, 0o700);
    const moved = await findMovedCheckpoints(parts.repository);
    if (moved !== undefined) {
      await adoptMovedCheckpoints(parts.repository, moved);
    }
    await removeLeftovers(await findLeftovers(dataFolder, parts.clock.now().getTime()));
    if (isDamaged) {
      await parts.catalog.save();
    } else {
      await parts.catalog.rebuild();
      await parts.repacker.repackAll(context);
    }
  }, context);
  return examineStore(parts, context);
}
