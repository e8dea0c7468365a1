import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { errorCode } from './atomicFile.ts';
import { pathFromBytes, pathToBytes } from './pathBytes.ts';
import { TimeSlices } from './timeSlices.ts';

export type PathKind = 'file' | 'symlink' | 'folder' | 'socket' | 'pipe' | 'device';

export interface PathStat {
  readonly kind: PathKind;
  readonly permissions: number;
  readonly numbers: Pick<BigIntStats, 'ctimeNs' | 'mtimeNs' | 'dev' | 'ino' | 'uid' | 'gid' | 'size'>;
}

export interface FolderItem {
  readonly name: string;
  readonly kind: PathKind;
}

/** What came of reading a path that may change or vanish at any moment. */
export type ReadOutcome<T> =
  | { readonly outcome: 'read'; readonly stat: PathStat; readonly value: T }
  | { readonly outcome: 'changed' | 'missing' | 'unreadable' };

/** The content of an open file, of a size that was true when it was opened. */
export interface FileContent {
  readonly size: number;
  bytes(): Promise<Buffer>;
  chunks(): AsyncIterable<Buffer>;
}

const PERMISSIONS = 0o7777;
const CHUNK = 1 << 20;
const MOST_AT_ONCE = 64 << 10;
// A pipe that took the place of a file must not make us wait, and a symlink must not lead elsewhere.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads a workspace that others write to; nothing is ever followed through a symlink at the end of a path. */
export class WorkspaceReader {
  readonly #root: string;
  /** One short stop of the main thread costs a tenth of what an answer from another thread does. */
  readonly #slices = new TimeSlices();

  constructor(root: string) {
    this.#root = root;
  }

  /** Undefined when there is nothing. Throws the system's error where it does not even let one look. */
  async stat(path: string): Promise<PathStat | undefined> {
    await this.#slices.next();
    try {
      return pathStat(lstatSync(this.#place(path), { bigint: true }));
    } catch (error) {
      if (failure(error) !== 'missing') {
        throw error;
      }
      return undefined;
    }
  }

  /** What is directly in a folder, in no order. `missing` when it is gone or no folder any more. */
  async list(path: string): Promise<readonly FolderItem[] | 'missing' | 'unreadable'> {
    try {
      const items = await readdir(this.#place(path), { encoding: 'buffer', withFileTypes: true });
      return items.map((item) => ({ name: pathFromBytes(item.name), kind: kindOf(item) }));
    } catch (error) {
      return failure(error);
    }
  }

  async readLink(path: string): Promise<ReadOutcome<Buffer>> {
    try {
      const stat = await lstat(this.#place(path), { bigint: true });
      const value = await readlink(this.#place(path), { encoding: 'buffer' });
      return { outcome: 'read', stat: pathStat(stat), value };
    } catch (error) {
      return { outcome: errorCode(error) === 'EINVAL' ? 'changed' : failure(error) };
    }
  }

  /**
   * Lets `consume` read the file whose stat was `expected` a moment ago. The outcome is `changed` when anything tells that
   * it is not the same file with the same content any more after that: the value is then worth nothing.
   */
  async readFile<T>(
    path: string,
    expected: PathStat,
    consume: (content: FileContent) => Promise<T>,
  ): Promise<ReadOutcome<T>> {
    let handle: FileHandle | undefined;
    try {
      if (expected.numbers.size <= MOST_AT_ONCE) {
        return await readAtOnce(this.#place(path), expected, consume);
      }
      handle = await open(this.#place(path), READ_FLAGS);
      const value = await consume(contentOf(handle, Number(expected.numbers.size)));
      const after = pathStat(await handle.stat({ bigint: true }));
      return sameStat(expected, after) ? { outcome: 'read', stat: after, value } : { outcome: 'changed' };
    } catch (error) {
      return { outcome: errorCode(error) === 'ELOOP' ? 'changed' : failure(error) };
    } finally {
      await handle?.close();
    }
  }

  #place(path: string): Buffer {
    return pathToBytes(path === '' ? this.#root : `${this.#root}/${path}`);
  }
}

async function readAtOnce<T>(
  place: Buffer,
  expected: PathStat,
  consume: (content: FileContent) => Promise<T>,
): Promise<ReadOutcome<T>> {
  const size = Number(expected.numbers.size);
  const buffer = Buffer.allocUnsafe(size);
  const descriptor = openSync(place, READ_FLAGS);
  let filled = 0;
  let after: PathStat;
  try {
    for (let read = -1; read !== 0 && filled < size; filled += read) {
      read = readSync(descriptor, buffer, filled, size - filled, filled);
    }
    after = pathStat(fstatSync(descriptor, { bigint: true }));
  } finally {
    closeSync(descriptor);
  }
  if (!sameStat(expected, after)) {
    return { outcome: 'changed' };
  }
  const bytes = buffer.subarray(0, filled);
  const content = { size, bytes: async () => bytes, chunks: () => Readable.from([bytes]) };
  return { outcome: 'read', stat: after, value: await consume(content) };
}

function contentOf(handle: FileHandle, size: number): FileContent {
  return {
    size,
    async bytes() {
      const buffer = Buffer.allocUnsafe(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
        if (bytesRead === 0) {
          break;
        }
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    async *chunks() {
      for (let at = 0; ;) {
        const buffer = Buffer.allocUnsafe(CHUNK);
        const { bytesRead } = await handle.read(buffer, 0, CHUNK, at);
        if (bytesRead === 0) {
          return;
        }
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
  };
}

function pathStat(stat: BigIntStats): PathStat {
  return { kind: kindOf(stat), permissions: Number(stat.mode) & PERMISSIONS, numbers: stat };
}

function sameStat(a: PathStat, b: PathStat): boolean {
  const keys = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const;
  return a.kind === b.kind && keys.every((key) => a.numbers[key] === b.numbers[key]);
}

function kindOf(item: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isSocket' | 'isFIFO'>): PathKind {
  if (item.isFile()) {
    return 'file';
  }
  if (item.isDirectory()) {
    return 'folder';
  }
  if (item.isSymbolicLink()) {
    return 'symlink';
  }
  if (item.isSocket()) {
    return 'socket';
  }
  return item.isFIFO() ? 'pipe' : 'device';
}

/** Rethrows what is neither: a failure that says nothing about the path must not look like one that does. */
function failure(error: unknown): 'missing' | 'unreadable' {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing';
    case 'EACCES':
    case 'EPERM':
    case 'EIO':
      return 'unreadable';
    default:
      throw error;
  }
}
