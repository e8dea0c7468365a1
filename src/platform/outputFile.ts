import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './atomicFile.ts';
import { sha1 } from './hash.ts';

const READ_SIZE = 1 << 20;
const WRITE_SIZE = 1 << 18;

/** A file of ours that is written under a temporary name and takes its real one when it is complete and on disk. */
export class OutputFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  /** Appended, but not written yet. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #written = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  static async create(folder: string, prefix: string): Promise<OutputFile> {
    const path = join(folder, prefix + randomBytes(8).toString('hex'));
    return new OutputFile(path, await open(path, 'wx+', 0o600));
  }

  /** Bytes appended so far. */
  get size(): number {
    return this.#written + this.#pendingBytes;
  }

  async append(data: Uint8Array): Promise<void> {
    this.#pending.push(data);
    this.#pendingBytes += data.length;
    if (this.#pendingBytes >= WRITE_SIZE) {
      await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    const data = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    for (let at = 0; at < data.length;) {
      const { bytesWritten } = await this.#handle.write(data, at, data.length - at, this.#written);
      at += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  async overwrite(data: Uint8Array, position: number): Promise<void> {
    await this.#flush();
    await this.#handle.write(data, 0, data.length, position);
  }

  /** SHA-1 of all that was written. */
  async digest(): Promise<Buffer> {
    await this.#flush();
    const hash = sha1();
    const buffer = Buffer.allocUnsafe(READ_SIZE);
    for (let at = 0; at < this.#written;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, READ_SIZE, at);
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return hash.digest();
  }

  /** Makes the file durable under its real name and read-only. Its folder is made when missing. */
  async commit(path: string): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    await chmod(this.#path, 0o400);
    const folder = dirname(path);
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) {
      await syncFolder(dirname(folder));
    }
    await rename(this.#path, path);
    await syncFolder(folder);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await unlink(this.#path).catch(() => undefined);
  }
}

export async function fileExists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
