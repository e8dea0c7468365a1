import { basename, join } from 'node:path';
import { factsOf, namesIn, removeFile, removeFolder } from '../../../platform/dataFiles.ts';

/** What appears under a temporary name without the store's lock being held, so that only its age can tell. */
const MADE_WITHOUT_LOCK = /^(?:lock|scratch|workspace\.json|store\.git|undo|restores)\b/;
const SAFE_AGE_MS = 60 * 60_000;
const TEMPORARY = /^(?:tmp_|\.tmp-|scratch-)|\.(?:tmp|lock)$/;
const PACK_PART = /^(pack-[0-9a-f]+)\.(?:pack|idx|rev|keep|bitmap)$/;

/**
 * What a killed process left in a data folder: temporary files of git and of ours, lock files of git, packs without their
 * index. To be called while holding the store's lock, so that nothing found belongs to somebody alive.
 */
export async function findLeftovers(dataFolder: string, nowMs: number): Promise<string[]> {
  const gitDir = join(dataFolder, 'store.git');
  const objects = join(gitDir, 'objects');
  const fanOut = (await namesIn(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const folders = ['', 'info', 'refs/checkpoints', 'refs/snapshot-timeline', 'objects', 'objects/info', 'objects/pack'];
  const inStore = await Promise.all(
    [...folders.map((name) => join(gitDir, name)), ...fanOut.map((name) => join(objects, name))].map(temporaryIn),
  );
  const beside = await temporaryIn(dataFolder);
  const old = await Promise.all(beside.map((path) => isSafelyOld(path, nowMs)));
  return [
    ...inStore.flat(),
    ...beside.filter((path, index) => old[index] || !MADE_WITHOUT_LOCK.test(basename(path))),
    ...(await incompletePacks(join(objects, 'pack'))),
  ];
}

export async function removeLeftovers(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await ((await factsOf(path))?.isFolder ? removeFolder(path) : removeFile(path));
  }
}

async function temporaryIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => TEMPORARY.test(name)).map((name) => join(folder, name));
}

async function isSafelyOld(path: string, nowMs: number): Promise<boolean> {
  const facts = await factsOf(path);
  return facts !== undefined && nowMs - facts.modifiedMs > SAFE_AGE_MS;
}

async function incompletePacks(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  const present = new Set(names);
  return names
    .filter((name) => {
      const pack = PACK_PART.exec(name)?.[1];
      return pack !== undefined && !(present.has(`${pack}.pack`) && present.has(`${pack}.idx`));
    })
    .map((name) => join(folder, name));
}
