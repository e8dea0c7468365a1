import type { FileHandle } from 'node:fs/promises';
import { diskFiles, type FileOperations } from '../../src/platform/diskFiles.ts';

/**
 * File functions that stop dead before a given operation, as a kill does: from then on nothing is done and nothing answers.
 * `halted` resolves when that has happened; `operations` tells how many there were.
 */
export class HaltingFiles {
  readonly files: FileOperations;
  readonly halted: Promise<void>;
  operations = 0;
  readonly #haltAt: number;
  readonly #running = new Set<Promise<unknown>>();
  readonly #handles = new Set<FileHandle>();
  #halt: () => void = () => undefined;

  constructor(haltAt = Number.POSITIVE_INFINITY) {
    this.#haltAt = haltAt;
    this.halted = new Promise((resolve) => {
      this.#halt = resolve;
    });
    this.files = Object.fromEntries(
      Object.entries(diskFiles).map(([name, operation]) => [name, this.counted(operation as Operation)]),
    ) as unknown as FileOperations;
  }

  /** The same function, counted and halted with the others. */
  counted<Arguments extends unknown[], Result>(
    operation: (...args: Arguments) => Promise<Result>,
  ): (...args: Arguments) => Promise<Result> {
    return async (...args) => {
      this.operations += 1;
      if (this.operations >= this.#haltAt) {
        this.#halt();
        return new Promise<never>(() => undefined);
      }
      const running = operation(...args);
      this.#running.add(running);
      const result = await running.finally(() => this.#running.delete(running));
      return isHandle(result) ? (this.#watched(result) as Result) : result;
    };
  }

  /** Waits for what was under way, and closes what the halted program would have lost with its process. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#running);
    await new Promise(setImmediate);
    await Promise.all([...this.#handles].map((handle) => handle.close().catch(() => undefined)));
  }

  #watched(handle: FileHandle): FileHandle {
    this.#handles.add(handle);
    return new Proxy(handle, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? this.counted((value as Operation).bind(target)) : value;
      },
    });
  }
}

type Operation = (...args: unknown[]) => Promise<unknown>;

function isHandle(value: unknown): value is FileHandle {
  return typeof value === 'object' && value !== null && 'fd' in value;
}
