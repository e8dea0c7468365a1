import type { Disposable } from '../../core/disposable.ts';
import type { Log } from '../../platform/log.ts';
import type { StoreRepacker } from './repackStore.ts';
import type { DataFolderLock } from './storeLock.ts';

const IDLE_MS = 30_000;
/** So much undone work means that nobody stays idle long enough, as with a command line that ends after each command. */
const OVERDUE = 4;

/** Repacks the store when it needs it and nobody has used it for a while. */
export class IdleRepack implements Disposable {
  readonly #repacker: StoreRepacker;
  readonly #lock: DataFolderLock;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(repacker: StoreRepacker, lock: DataFolderLock, log: Log) {
    this.#repacker = repacker;
    this.#lock = lock;
    this.#log = log;
  }

  /** To be called after each change of the store. Never fails: housekeeping can wait. */
  async consider(): Promise<void> {
    clearTimeout(this.#timer);
    const need = await this.#repacker.need().catch(() => 0);
    if (need >= OVERDUE) {
      await this.#repack();
    } else if (need >= 1 && !this.#stopping.signal.aborted) {
      this.#timer = setTimeout(() => void this.#repack(), IDLE_MS);
      this.#timer.unref();
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stopping.abort();
  }

  async #repack(): Promise<void> {
    try {
      await this.#lock.tryRun(() => this.#repacker.run({ signal: this.#stopping.signal }));
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        this.#log.warn(`The store could not be repacked: ${String(error)}`);
      }
    }
  }
}
