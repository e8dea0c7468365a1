import * as fs from 'node:fs';
import type { BigIntStats, Stats } from 'node:fs';
import { promisify } from 'node:util';

/** The file functions that touch a workspace. */
export interface FileOperations {
  open(place: Buffer, flags: number | string, mode?: number): Promise<OpenFile>;
  lstat(place: Buffer): Promise<Stats>;
  lstat(place: Buffer, options: { bigint: true }): Promise<BigIntStats>;
  link(from: Buffer, to: Buffer): Promise<void>;
  mkdir(place: Buffer, mode: number): Promise<unknown>;
  readlink(place: Buffer, options: { encoding: 'buffer' }): Promise<Buffer>;
  rename(from: Buffer, to: Buffer): Promise<void>;
  rmdir(place: Buffer): Promise<void>;
  symlink(target: Buffer, place: Buffer): Promise<void>;
  unlink(place: Buffer): Promise<void>;
}

/** An open file or folder. */
export interface OpenFile {
  readonly fd: number;
  stat(): Promise<Stats>;
  stat(options: { bigint: true }): Promise<BigIntStats>;
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  /** Adds these bytes where the last ones ended. */
  appendFile(bytes: Uint8Array): Promise<void>;
  chmod(mode: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** More bytes than these are moved by another thread. */
const MOST_AT_ONCE = 64 << 10;

const openElsewhere = promisify(fs.open);
const readElsewhere = promisify(fs.read);
const writeElsewhere = promisify(fs.write);
const syncElsewhere = promisify(fs.fsync);

/**
 * File functions for work on many small files: a look at a file takes the system a few microseconds, and handing that to
 * another thread twenty times as long. Only what may keep a disk busy is handed over: making files, moving many bytes,
 * syncing. Who calls these in a loop lets others run now and then.
 */
export const diskFiles: FileOperations = {
  open: async (place, flags, mode) =>
    new DiskFile(flags === 'wx+' ? await openElsewhere(place, flags, mode) : fs.openSync(place, flags, mode)),
  lstat: (async (place: Buffer, options?: { bigint: true }) => fs.lstatSync(place, options)) as FileOperations['lstat'],
  link: async (from, to) => fs.linkSync(from, to),
  mkdir: async (place, mode) => fs.mkdirSync(place, mode),
  readlink: async (place, options) => fs.readlinkSync(place, options),
  rename: async (from, to) => fs.renameSync(from, to),
  rmdir: async (place) => fs.rmdirSync(place),
  symlink: async (target, place) => fs.symlinkSync(target, place),
  unlink: async (place) => fs.unlinkSync(place),
};

class DiskFile implements OpenFile {
  readonly fd: number;
  #closed = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  stat(): Promise<Stats>;
  stat(options: { bigint: true }): Promise<BigIntStats>;
  async stat(options?: { bigint: true }): Promise<Stats | BigIntStats> {
    return fs.fstatSync(this.fd, options);
  }

  async read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    return length > MOST_AT_ONCE
      ? readElsewhere(this.fd, buffer, offset, length, position)
      : { bytesRead: fs.readSync(this.fd, buffer, offset, length, position) };
  }

  async appendFile(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const length = bytes.length - at;
      at +=
        length > MOST_AT_ONCE
          ? (await writeElsewhere(this.fd, bytes, at, length)).bytesWritten
          : fs.writeSync(this.fd, bytes, at, length);
    }
  }

  async chmod(mode: number): Promise<void> {
    fs.fchmodSync(this.fd, mode);
  }

  async chown(uid: number, gid: number): Promise<void> {
    fs.fchownSync(this.fd, uid, gid);
  }

  sync(): Promise<void> {
    return syncElsewhere(this.fd);
  }

  /** Does nothing the second time: the number may be another file's by then. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      fs.closeSync(this.fd);
    }
  }
}
