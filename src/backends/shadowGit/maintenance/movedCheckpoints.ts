import { join } from 'node:path';
import { removeFolder } from '../../../platform/dataFiles.ts';
import { findMovedData, type MovedData, takeOverData } from '../../../platform/folderIdentity.ts';
import { CheckpointRefs } from '../checkpoints/checkpointRefs.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { DataFolderLock } from '../storeLock.ts';

/**
 * The checkpoints that this folder had under another name, as long as it has none under this one. Somebody has to ask for
 * them: a folder that is gone may have been another one after all.
 */
export async function findMovedCheckpoints(repository: ShadowRepository): Promise<MovedData | undefined> {
  if (await hasCheckpoints(repository.dataFolder)) {
    return undefined;
  }
  for (const moved of await findMovedData(repository.dataFolder)) {
    if (await hasCheckpoints(moved.dataFolder)) {
      return moved;
    }
  }
  return undefined;
}

export function movedText({ path }: MovedData): string {
  return `This folder seems to be the one that was "${path}": its checkpoints can be taken over by a repair.`;
}

/** Makes them the checkpoints of this folder, unless somebody uses them. The caller holds the store's lock. */
export async function adoptMovedCheckpoints(repository: ShadowRepository, moved: MovedData): Promise<void> {
  const lock = new DataFolderLock(moved.dataFolder, async () => undefined);
  const done = await lock.tryRun(async () => {
    await takeOverData(moved.dataFolder, repository.dataFolder, 'store.git');
    return true;
  });
  if (done) {
    await removeFolder(moved.dataFolder);
    // It still has the files of the repository open that was here before.
    repository.objects.restart();
  }
}

async function hasCheckpoints(dataFolder: string): Promise<boolean> {
  return (await new CheckpointRefs(join(dataFolder, 'store.git')).read()).size > 0;
}
