import { chmod } from 'node:fs/promises';
import { writeFileAtomic } from './atomicFile.ts';

/** Writes a text file that its owner can execute. Its folder must exist. */
export async function writeExecutable(path: string, text: string): Promise<void> {
  await writeFileAtomic(path, text);
  await chmod(path, 0o700);
}
