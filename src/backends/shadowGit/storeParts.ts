import type { Clock } from '../../platform/clock.ts';
import type { DiskReserve } from '../../platform/diskReserve.ts';
import type { Log } from '../../platform/log.ts';
import type { Capturer } from './capture/capture.ts';
import type { Catalog } from './checkpoints/catalog.ts';
import type { StoreRepacker } from './maintenance/repackStore.ts';
import type { ShadowRepository } from './git/shadowRepository.ts';
import type { DataFolderLock } from './storeLock.ts';

/** What the operations of one open store share. */
export interface StoreParts {
  readonly repository: ShadowRepository;
  readonly catalog: Catalog;
  readonly capturer: Capturer;
  readonly lock: DataFolderLock;
  readonly repacker: StoreRepacker;
  readonly reserve: DiskReserve;
  readonly clock: Clock;
  readonly log: Log;
}
