import { randomBytes } from 'node:crypto';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, readFile, rm, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What a file or folder of ours is on disk. */
export interface FileFacts {
  readonly isFolder: boolean;
  readonly size: number;
  /** Bytes that it takes on disk, where the system tells. */
  readonly allocated: number;
  readonly mode: number;
  readonly links: number;
  readonly inode: number;
  readonly modifiedMs: number;
}

/** Undefined when there is nothing at that path. */
export async function factsOf(path: string): Promise<FileFacts | undefined> {
  const stat = await ifThere(lstat(path));
  return (
    stat && {
      isFolder: stat.isDirectory(),
      size: stat.size,
      allocated: stat.blocks === undefined ? stat.size : stat.blocks * 512,
      mode: stat.mode & 0o7777,
      links: stat.nlink,
      inode: stat.ino,
      modifiedMs: stat.mtimeMs,
    }
  );
}

/** Undefined when there is no such file. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  return ifThere(readFile(path, 'utf8'));
}

/** The names in a folder, in order; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return ((await ifThere(readdir(folder))) ?? []).toSorted();
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** False when there was nothing to remove. */
export async function removeFile(path: string): Promise<boolean> {
  return (await ifThere(unlink(path).then(() => true))) ?? false;
}

/** Removes a folder of ours with all it holds. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

export async function setMode(path: string, mode: number): Promise<void> {
  await chmod(path, mode);
}

/** Adds lines to the end of a file, after a line break if its last line was torn. On disk when this resolves. */
export async function appendLines(path: string, text: string): Promise<void> {
  const handle = await open(path, 'a+', 0o600);
  try {
    await handle.appendFile((await endsInsideLine(handle)) ? `\n${text}` : text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function endsInsideLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) {
    return false;
  }
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** All files and folders below a folder, each with its path and facts; what vanishes meanwhile is left out. */
export async function* walkFolder(folder: string): AsyncIterable<{ path: string; facts: FileFacts }> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const facts = await factsOf(path);
    if (facts !== undefined) {
      yield { path, facts };
    }
    if (facts?.isFolder) {
      yield* walkFolder(path);
    }
  }
}

/** Bytes left for us on the file system of this path. */
export async function freeSpace(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw error;
  }
}
