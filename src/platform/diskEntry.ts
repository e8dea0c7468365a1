import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { Entry } from '../core/change.ts';
import { CheckpointError } from '../core/error.ts';
import { errorCode } from './atomicFile.ts';
import type { FileOperations, OpenFile } from './diskFiles.ts';

/** Names contents as a store does. */
export type ContentDigest = (size: number) => {
  update(bytes: Uint8Array): void;
  id(): string;
};

const PERMISSIONS = 0o7777;
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const BLOCK = 1 << 18;

/**
 * What is at a place on disk, its content read; undefined when there is nothing.
 * @throws CheckpointError `conflict` for a socket, pipe or device, and for a file that changes while it is read.
 */
export async function readEntry(
  files: FileOperations,
  place: Buffer,
  digest: ContentDigest,
): Promise<Entry | undefined> {
  const stat = await files.lstat(place).catch(undefinedWhenMissing);
  if (stat === undefined) {
    return undefined;
  }
  if (stat.isDirectory()) {
    return { type: 'folder', mode: stat.mode & PERMISSIONS, content: '' };
  }
  if (stat.isSymbolicLink()) {
    const target = await files.readlink(place, { encoding: 'buffer' });
    const content = digest(target.length);
    content.update(target);
    return { type: 'symlink', mode: 0o777, content: content.id() };
  }
  if (!stat.isFile()) {
    throw new CheckpointError('conflict', 'A socket, pipe or device is in its place.');
  }
  return readFileEntry(files, place, digest);
}

async function readFileEntry(files: FileOperations, place: Buffer, digest: ContentDigest): Promise<Entry | undefined> {
  const handle = await files.open(place, READ_FLAGS).catch(undefinedWhenMissing);
  if (handle === undefined) {
    return undefined;
  }
  try {
    return await readOpenFile(handle, digest);
  } finally {
    await handle.close();
  }
}

/** What an open file is, read from its beginning. Throws like {@link readEntry}. */
export async function readOpenFile(handle: OpenFile, digest: ContentDigest): Promise<Entry> {
  const before = await handle.stat({ bigint: true });
  if (!before.isFile()) {
    throw new CheckpointError('conflict', 'A socket, pipe or device is in its place.');
  }
  const content = digest(Number(before.size));
  const block = Buffer.allocUnsafe(Math.max(1, Math.min(BLOCK, Number(before.size))));
  let position = 0;
  while (position < before.size) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    if (bytesRead === 0) {
      break;
    }
    content.update(block.subarray(0, bytesRead));
    position += bytesRead;
  }
  const after = await handle.stat({ bigint: true });
  if (!sameStat(before, after) || BigInt(position) !== after.size) {
    throw new CheckpointError('conflict', 'It keeps changing while it is read.');
  }
  return { type: 'file', mode: Number(after.mode) & PERMISSIONS, content: content.id(), size: position };
}

/** Whether nothing tells of a change of content between two looks at one file. */
export function sameStat(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.mode === b.mode;
}

/** Whether what is on disk is this entry. Windows has no permission bits to compare. */
export function isOnDisk(entry: Entry | undefined, disk: Entry | undefined): boolean {
  if (entry === undefined || disk === undefined) {
    return entry === disk;
  }
  const sameMode = process.platform === 'win32' || entry.type === 'folder' || entry.mode === disk.mode;
  return entry.type === disk.type && entry.content === disk.content && sameMode;
}

export function undefinedWhenMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') {
    throw error;
  }
}
