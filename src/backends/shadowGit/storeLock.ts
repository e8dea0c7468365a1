import { join } from 'node:path';
import { isCheckpointError } from '../../core/error.ts';
import { Emitter } from '../../core/event.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import {
  acquireFileLock,
  type AcquireOptions,
  type FileLock,
  inspectFileLock,
  type LockState,
} from '../../platform/fileLock.ts';
import type { StoreLock } from './state/states.ts';

/** Longer than any restore of a sane size, shorter than a person's patience with a program that says it is waiting. */
const WAIT_MS = 10 * 60_000;

/** The lock file of a store's data folder. */
export class DataFolderLock implements StoreLock {
  readonly #path: string;
  readonly #afterTakeover: () => Promise<void>;
  readonly #wanted = new Emitter<void>();
  #held: FileLock | undefined;

  /** Fires when somebody is about to wait for the lock: what can be done later gives way. */
  readonly onWanted = this.#wanted.event;

  /** `afterTakeover` runs under the lock when its last owner died with it: there may be something to clear away. */
  constructor(dataFolder: string, afterTakeover: () => Promise<void>) {
    this.#path = join(dataFolder, 'lock');
    this.#afterTakeover = afterTakeover;
  }

  async run<T>(action: () => Promise<T>, context?: OperationContext): Promise<T> {
    this.#wanted.fire();
    return this.#hold(action, {
      timeoutMs: WAIT_MS,
      ...(context?.signal === undefined ? {} : { signal: context.signal }),
      onWait: (owner) => {
        const who = owner === undefined ? '' : ` (process ${owner.pid})`;
        context?.onProgress?.({ message: `Waiting for another use of this folder's checkpoints${who}`, waiting: true });
      },
    });
  }

  async tryRun<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#hold(action, { timeoutMs: 0 });
    } catch (error) {
      if (isCheckpointError(error, 'busy')) {
        return undefined;
      }
      throw error;
    }
  }

  /** Throws `conflict` when the lock that an action of {@link run} relies on was lost, as after a long suspend. */
  async assertHeld(): Promise<void> {
    await this.#held?.assertHeld();
  }

  inspect(): Promise<LockState> {
    return inspectFileLock(this.#path);
  }

  async #hold<T>(action: () => Promise<T>, options: AcquireOptions): Promise<T> {
    const { state } = await this.inspect();
    const lock = await acquireFileLock(this.#path, options);
    this.#held = lock;
    try {
      if (state === 'stale') {
        await this.#afterTakeover();
      }
      return await action();
    } finally {
      this.#held = undefined;
      await lock.release();
    }
  }
}
