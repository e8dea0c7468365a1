import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
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
