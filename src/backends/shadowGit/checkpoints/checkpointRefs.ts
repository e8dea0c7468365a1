import { join } from 'node:path';
import { writeFileAtomic } from '../../../platform/atomicFile.ts';
import { factsOf, makeFolder, namesIn, readTextIfThere, removeFile } from '../../../platform/dataFiles.ts';

const PREFIX = 'refs/checkpoints/';
const ID = /^[0-9a-f]{16}$/;
const OBJECT = /^[0-9a-f]{40,64}$/;
const PACKED_HEADER = '# pack-refs with: peeled fully-peeled sorted \n';
/** Loose refs are one file each; with more of them than this, reading them all is what a listing would wait for. */
const MOST_LOOSE = 500;

/**
 * The refs `refs/checkpoints/<id>` of a store, in git's own formats for loose and packed refs. Callers of the methods that
 * write hold the store's lock, so no lock files of git are needed and none can be left behind.
 */
export class CheckpointRefs {
  readonly folder: string;
  readonly #gitDir: string;
  readonly #packed: string;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
    this.folder = join(gitDir, PREFIX);
    this.#packed = join(gitDir, 'packed-refs');
  }

  /**
   * Checkpoint id → commit id, which is empty for a ref that a power cut has torn. Loose refs are read first: one that is
   * packed meanwhile is found in the second place.
   */
  async read(): Promise<Map<string, string>> {
    const loose = await this.#readLoose();
    const refs = new Map<string, string>();
    for (const [name, commit] of parsePacked(await readTextIfThere(this.#packed))) {
      if (name.startsWith(PREFIX)) {
        refs.set(name.slice(PREFIX.length), commit);
      }
    }
    for (const [id, commit] of loose) {
      refs.set(id, commit || (refs.get(id) ?? ''));
    }
    return refs;
  }

  /** Changes when a ref was written, deleted or packed. `latestMs` is when that happened, by the file system's clock. */
  async stamp(): Promise<{ readonly text: string; readonly latestMs: number }> {
    const [folder, packed] = await Promise.all([factsOf(this.folder), factsOf(this.#packed)]);
    const text = [folder?.inode, folder?.modifiedMs, packed?.inode, packed?.modifiedMs, packed?.size].join(' ');
    return { text, latestMs: Math.max(folder?.modifiedMs ?? 0, packed?.modifiedMs ?? 0) };
  }

  /** Points the checkpoint's ref at a commit; on disk when this resolves. */
  async write(id: string, commit: string): Promise<void> {
    await makeFolder(this.folder);
    await writeFileAtomic(join(this.folder, id), `${commit}\n`);
  }

  async delete(ids: readonly string[]): Promise<void> {
    const names = new Set(ids.map((id) => PREFIX + id));
    const packed = parsePacked(await readTextIfThere(this.#packed));
    const kept = packed.filter(([name]) => !names.has(name));
    if (kept.length < packed.length) {
      await this.#writePacked(kept);
    }
    for (const id of ids) {
      await removeFile(join(this.folder, id));
    }
  }

  /** Moves loose refs into one file when there are many of them. */
  async packWhenMany(most = MOST_LOOSE): Promise<void> {
    if ((await this.#looseIds()).length <= most) {
      return;
    }
    const loose = (await this.#readLoose()).filter(([, commit]) => commit !== '');
    const all = new Map(parsePacked(await readTextIfThere(this.#packed)));
    for (const [id, commit] of loose) {
      all.set(PREFIX + id, commit);
    }
    await this.#writePacked([...all]);
    for (const [id] of loose) {
      await removeFile(join(this.folder, id));
    }
  }

  async #readLoose(): Promise<[id: string, commit: string][]> {
    const ids = await this.#looseIds();
    const read = await Promise.all(
      ids.map(async (id) => [id, (await readTextIfThere(join(this.folder, id)))?.trim() ?? ''] as const),
    );
    return read.map(([id, commit]) => [id, OBJECT.test(commit) ? commit : '']);
  }

  async #looseIds(): Promise<string[]> {
    return (await namesIn(this.folder)).filter((name) => ID.test(name));
  }

  async #writePacked(refs: readonly (readonly [name: string, commit: string])[]): Promise<void> {
    const lines = refs.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, commit]) => `${commit} ${name}\n`);
    await writeFileAtomic(join(this.#gitDir, 'packed-refs'), PACKED_HEADER + lines.join(''));
  }
}

function parsePacked(text: string | undefined): (readonly [name: string, commit: string])[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const [commit = '', name = ''] = line.split(' ');
    return OBJECT.test(commit) && name !== '' ? [[name, commit] as const] : [];
  });
}
