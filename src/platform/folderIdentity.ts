import { lstat, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, readJson, writeFileAtomic } from './atomicFile.ts';
import { namesIn, randomHex, readTextIfThere, removeFolder } from './dataFiles.ts';

/** The data folder of a workspace folder that is no longer where it was. */
export interface MovedData {
  readonly dataFolder: string;
  /** Where the workspace folder was. */
  readonly path: string;
}

const IDENTITY = 'folder-identity';

/**
 * Notes in the data folder which folder its workspace is: the numbers stay when it is renamed or moved on its disk. File
 * systems that do not tell when something was made leave nothing to go by.
 */
export async function noteIdentity(dataFolder: string, workspace: string): Promise<void> {
  const identity = await identityOf(workspace);
  const file = join(dataFolder, IDENTITY);
  if (identity !== undefined && (await readTextIfThere(file)) !== identity) {
    await writeFileAtomic(file, identity);
  }
}

/** Other data folders whose workspace was this very folder, and whose path leads nowhere now. */
export async function findMovedData(dataFolder: string): Promise<MovedData[]> {
  const identity = await readTextIfThere(join(dataFolder, IDENTITY));
  const root = dirname(dataFolder);
  const others = (await namesIn(root)).filter((name) => name !== basename(dataFolder)).map((name) => join(root, name));
  const moved: MovedData[] = [];
  for (const other of identity === undefined ? [] : others) {
    const path = (await readTextIfThere(join(other, IDENTITY))) === identity ? await pathOf(other) : undefined;
    if (path !== undefined && (await isGone(path))) {
      moved.push({ dataFolder: other, path });
    }
  }
  return moved;
}

/** What says where a data folder belongs, or who uses it, and so stays behind. */
const STAYS = /^(?:lock|restores\.lock|workspace\.json|settings\.json|folder-identity)|\.tmp$/;

/**
 * Moves what one data folder keeps into another one, which keeps nothing of value. `first` moves before all else, so that
 * after a kill it is whole in one place or the other. The caller holds the locks of both.
 */
export async function takeOverData(from: string, to: string, first: string): Promise<void> {
  const aside = join(to, `${first}.${randomHex(4)}.tmp`);
  await rename(join(to, first), aside).catch(ignoreMissing);
  await rename(join(from, first), join(to, first));
  await removeFolder(aside);
  for (const name of (await namesIn(from)).filter((each) => !STAYS.test(each))) {
    await removeFolder(join(to, name));
    await rename(join(from, name), join(to, name));
  }
}

async function identityOf(folder: string): Promise<string | undefined> {
  const { ino, birthtimeNs } = await lstat(folder, { bigint: true });
  return birthtimeNs === 0n ? undefined : `${ino} ${birthtimeNs}\n`;
}

async function pathOf(dataFolder: string): Promise<string | undefined> {
  const record = (await readJson(join(dataFolder, 'workspace.json'))) as { path?: unknown } | undefined;
  return typeof record?.path === 'string' ? record.path : undefined;
}

async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: unknown) => errorCode(error) === 'ENOENT',
  );
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') {
    throw error;
  }
}
