import type { Disposable } from '../../../core/disposable.ts';
import type { Log } from '../../../platform/log.ts';
import type { StoreRepacker } from './repackStore.ts';
import type { DataFolderLock } from '../storeLock.ts';

const IDLE_MS = 30_000;
/** So much undone work means that nobody stays idle long enough, as with a command line that ends after each command. */
const OVERDUE = 8;

/** Repacks the store when it needs it and nobody has used it for a while. */
export class IdleRepack implements Disposable {
  readonly #repacker: Pick<StoreRepacker, 'need' | 'run'>;
  readonly #lock: Pick<DataFolderLock, 'tryRun' | 'onWanted'>;
  readonly #log: Log;
  #running: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(
    repacker: Pick<StoreRepacker, 'need' | 'run'>,
    lock: Pick<DataFolderLock, 'tryRun' | 'onWanted'>,
    log: Log,
  ) {
    this.#repacker = repacker;
    this.#lock = lock;
    this.#log = log;
    lock.onWanted(() => this.#interrupt());
  }

  /** To be called after each change of the store. Never fails: housekeeping can wait. */
  async consider(): Promise<void> {
    clearTimeout(this.#timer);
    const need = await this.#repacker.need().catch(() => 0);
    if (need >= OVERDUE) {
      await this.#repack();
    } else if (need >= 1 && !this.#disposed) {
      this.#timer = setTimeout(() => void this.#repack(), IDLE_MS);
      this.#timer.unref();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#interrupt();
  }

  /** Gives way to what somebody waits for: the housekeeping is done another time. */
  #interrupt(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  async #repack(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      await this.#lock.tryRun(() => this.#repacker.run({ signal: running.signal }));
    } catch (error) {
      if (!running.signal.aborted) {
        this.#log.warn(`The store could not be repacked: ${String(error)}`);
      }
    }
  }
}
