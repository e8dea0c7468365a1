import { join } from 'node:path';
import { readTextIfThere } from '../../../platform/dataFiles.ts';
import { FileLinks, listNames } from '../../../platform/linkFiles.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

/**
 * Makes all objects of a tree that the user's repository holds our own: by hard links where the file system can do that,
 * else by a copy of what the tree needs. Returns what takes them away again.
 */
export async function adoptObjects(
  repository: ShadowRepository,
  objectFolder: string,
  tree: string,
  signal?: AbortSignal,
): Promise<FileLinks> {
  const links = new FileLinks();
  try {
    const isComplete = (await readTextIfThere(join(objectFolder, 'info', 'alternates'))) === undefined;
    if (!isComplete || !(await linkObjects(repository, objectFolder, links))) {
      await links.undo();
      await copyObjects(repository, objectFolder, tree, signal);
    }
    await links.sync();
    return links;
  } catch (error) {
    await links.undo();
    throw error;
  }
}

async function linkObjects(repository: ShadowRepository, from: string, links: FileLinks): Promise<boolean> {
  const to = join(repository.gitDir, 'objects');
  const packs = (await listNames(join(from, 'pack'))).filter((name) => /^pack-[0-9a-f]{40}\.idx$/.test(name));
  for (const index of packs) {
    const pack = index.replace(/idx$/, 'pack');
    // Kept as it is by every repack of ours, as long as the user's repository pays for its space.
    await links.writeMark(join(to, 'pack', index.replace(/idx$/, 'keep')));
    if (!(await links.link(join(from, 'pack'), join(to, 'pack'), [pack, index], 1))) {
      return false;
    }
  }
  for (const fan of (await listNames(from)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    const names = (await listNames(join(from, fan))).filter((name) => /^[0-9a-f]{38}$/.test(name));
    if (names.length > 0 && !(await links.link(join(from, fan), join(to, fan), names))) {
      return false;
    }
  }
  return true;
}

/** Under our configuration only: the user's objects are borrowed just for this one command. */
async function copyObjects(
  repository: ShadowRepository,
  objectFolder: string,
  tree: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const quoted = `"${objectFolder.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  await repository.git(['pack-objects', '--revs', '--quiet', join(repository.gitDir, 'objects', 'pack', 'pack')], {
    env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted },
    stdin: Buffer.from(`${tree}\n`),
    ...(signal === undefined ? {} : { signal }),
  });
}
