import { randomBytes } from 'node:crypto';
import { errorCode, writeFileAtomic } from './atomicFile.ts';
import { factsOf, removeFile } from './dataFiles.ts';

/** Room for a lock file, some journal lines and a list of thousands of refs. */
const RESERVE_BYTES = 256 << 10;

/** Space that is set aside while there is some, so that things can still be deleted once the disk is full. */
export class DiskReserve {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Sets the space aside where that is not done yet and can be done. */
  async keep(): Promise<void> {
    if ((await factsOf(this.#file)) === undefined) {
      // Random, as a file system may compress.
      await writeFileAtomic(this.#file, randomBytes(RESERVE_BYTES)).catch(() => undefined);
    }
  }

  /** Runs an action that needs little space; if there is none, once more with what was set aside. */
  async lendTo<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (!isDiskFull(error) || !(await removeFile(this.#file))) {
        throw error;
      }
      return action();
    }
  }
}

/** Whether an operation failed since there is no space left on the disk, or none that its owner may use. */
function isDiskFull(error: unknown): boolean {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
  return isFull || (error instanceof Error && error.cause !== undefined && isDiskFull(error.cause));
}
