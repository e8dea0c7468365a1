import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, writeFileAtomic } from './atomicFile.ts';

/**
 * Makes a folder with these files and folders (names ending with `/`) appear as a whole; does nothing when it is there,
 * also when another process makes it at the same moment.
 */
export async function createFolderOnce(folder: string, contents: Readonly<Record<string, string>>): Promise<void> {
  if (await stat(folder).catch(() => undefined)) {
    return;
  }
  const beside = `${folder}.${randomBytes(8).toString('hex')}.tmp`;
  for (const [name, content] of Object.entries(contents)) {
    const path = join(beside, name);
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true, mode: 0o700 });
    if (!name.endsWith('/')) {
      await writeFile(path, content, { mode: 0o600 });
    }
  }
  try {
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) {
      throw error;
    }
  }
}

/** Gives a file of ours this content, writing only when it has another. */
export async function ensureFile(path: string, content: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present !== content) {
    await writeFileAtomic(path, content);
  }
}

/**
 * Replaces a file of ours as a whole, if it has another content, without waiting for the disk: for what can be found out again when a power cut takes
 * it. Its folder is made when missing.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === content) {
    return;
  }
  const beside = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(beside, content, { mode: 0o600 });
  await rename(beside, path);
}

/** The last bytes of a file; fewer when it is shorter, none when it is missing. */
export async function readFileEnd(path: string, length: number): Promise<Buffer> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) {
    return Buffer.alloc(0);
  }
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - length);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The whole content of a file; undefined when it is missing. */
export async function readBytes(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') {
      throw error;
    }
    return undefined;
  });
}
