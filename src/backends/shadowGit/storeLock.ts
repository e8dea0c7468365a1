import { join } from 'node:path';
import type { OperationContext } from '../../core/operationContext.ts';
import { isCheckpointError } from '../../core/error.ts';
import { acquireFileLock, type FileLock, inspectFileLock, type LockState } from '../../platform/fileLock.ts';
import type { StoreLock } from './states.ts';

/** Longer than any restore of a sane size, shorter than a person's patience with a program that says it is waiting. */
const WAIT_MS = 10 * 60_000;

/** The lock file of a store's data folder. */
export class DataFolderLock implements StoreLock {
  readonly #path: string;

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, 'lock');
  }

  async run<T>(action: () => Promise<T>, context?: OperationContext): Promise<T> {
    const lock = await acquireFileLock(this.#path, {
      timeoutMs: WAIT_MS,
      ...(context?.signal === undefined ? {} : { signal: context.signal }),
      onWait: (owner) => {
        const who = owner === undefined ? '' : ` (process ${owner.pid})`;
        context?.onProgress?.({ message: `Waiting for another use of this folder's checkpoints${who}`, waiting: true });
      },
    });
    return releasing(lock, action);
  }

  async tryRun<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await releasing(await acquireFileLock(this.#path, { timeoutMs: 0 }), action);
    } catch (error) {
      if (isCheckpointError(error, 'busy')) {
        return undefined;
      }
      throw error;
    }
  }

  inspect(): Promise<LockState> {
    return inspectFileLock(this.#path);
  }
}

async function releasing<T>(lock: FileLock, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } finally {
    await lock.release();
  }
}
