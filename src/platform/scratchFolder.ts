import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToBytes } from './pathBytes.ts';

/** What a scratch folder holds, by relative paths. */
export interface ScratchContent {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly folders: Iterable<string>;
}

/** Runs an action with a folder that only it can see, below `parent`, and removes that folder afterwards. */
export async function inScratchFolder<T>(
  parent: string,
  content: ScratchContent,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, 'scratch-'));
  try {
    for (const path of content.folders) {
      await mkdir(pathToBytes(`${folder}/${path}`), { recursive: true });
    }
    for (const [path, bytes] of content.files) {
      await mkdir(pathToBytes(dirname(`${folder}/${path}`)), { recursive: true });
      await writeFile(pathToBytes(`${folder}/${path}`), bytes);
    }
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
