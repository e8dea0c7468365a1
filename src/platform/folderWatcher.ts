import { statSync, watch, type FSWatcher } from 'node:fs';
import type { Disposable } from '../core/disposable.ts';

const QUIET_MS = 50;
const LATEST_MS = 500;
const RETRY_MS = 500;

/**
 * Calls `onChange` after something directly in a folder changed: once the folder has been quiet for 50 ms, and at least
 * every 500 ms while it is not. A folder that is missing or is replaced is watched as soon as it is there (again), and its
 * coming and going are changes.
 */
export function watchFolder(folder: string, onChange: () => void): Disposable {
  return new FolderWatcher(folder, new Coalescer(onChange));
}

class FolderWatcher implements Disposable {
  readonly #folder: string;
  readonly #coalescer: Coalescer;
  #watcher: FSWatcher | undefined;
  #inode: number | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(folder: string, coalescer: Coalescer) {
    this.#folder = folder;
    this.#coalescer = coalescer;
    this.#start();
  }

  dispose(): void {
    clearTimeout(this.#retry);
    this.#watcher?.close();
    this.#coalescer.dispose();
  }

  #start(): void {
    const inode = this.#currentInode();
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, () => this.#noticed());
      this.#watcher.on('error', () => this.#lost());
      this.#inode = inode;
    } catch {
      this.#retry = setTimeout(() => this.#startAgain(), RETRY_MS);
      this.#retry.unref();
    }
  }

  #startAgain(): void {
    this.#start();
    if (this.#watcher !== undefined) {
      this.#coalescer.note();
    }
  }

  #noticed(): void {
    if (this.#currentInode() === this.#inode) {
      this.#coalescer.note();
    } else {
      this.#lost();
    }
  }

  #lost(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#start();
    this.#coalescer.note();
  }

  #currentInode(): number | undefined {
    return statSync(this.#folder, { throwIfNoEntry: false })?.ino;
  }
}

/** Turns many notes into few calls. */
class Coalescer implements Disposable {
  readonly #call: () => void;
  #timer: NodeJS.Timeout | undefined;
  #first = 0;

  constructor(call: () => void) {
    this.#call = call;
  }

  note(): void {
    const now = performance.now();
    if (this.#timer === undefined) {
      this.#first = now;
    }
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(QUIET_MS, this.#first + LATEST_MS - now));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#call();
    }, wait);
    this.#timer.unref();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
