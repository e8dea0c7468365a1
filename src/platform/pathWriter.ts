import { constants } from 'node:fs';
import type { Entry } from '../core/change.ts';
import { CheckpointError } from '../core/error.ts';
import { AsideFiles, changedSince, type PlacedStep } from './asideFiles.ts';
import { errorCode } from './atomicFile.ts';
import { isOnDisk, readEntry, readOpenFile, type ContentDigest } from './diskEntry.ts';
import type { FileOperations, OpenFile } from './diskFiles.ts';

/** Where the contents of the states come from, and how they are named. */
export interface ContentSource {
  /** The bytes of a content. Throws `corrupt` when it is missing or damaged. */
  read(content: string): AsyncIterable<Uint8Array>;
  readonly digest: ContentDigest;
}

/** Writes and removes single files and symlinks such that nothing uncaptured is ever destroyed. */
export class PathWriter {
  readonly #files: FileOperations;
  readonly #contents: ContentSource;
  readonly #aside: AsideFiles;
  /** Whether a file that is gone already is as good as what the plan expected: so after an interruption. */
  readonly #mayBeGone: boolean;
  /** Numbers of steps whose new content is beside the path, and those contents as long as they are not synced. */
  readonly #prepared = new Set<number>();
  readonly #unsynced = new Map<number, OpenFile>();

  constructor(files: FileOperations, contents: ContentSource, restoreId: string, mayBeGone: boolean) {
    this.#files = files;
    this.#contents = contents;
    this.#aside = new AsideFiles(files, contents.digest, restoreId);
    this.#mayBeGone = mayBeGone;
  }

  /** Writes the content that the path is to have beside it. The path itself is left as it is until {@link write}. */
  async prepare(step: PlacedStep): Promise<void> {
    const { before, after } = step.change;
    const current = await this.#read(step);
    if (after?.type !== 'file' || isOnDisk(after, current)) {
      return;
    }
    this.#expect(before, current);
    if (current?.type !== 'file' || current.content !== after.content) {
      await this.#writeBeside(step, after, current && (await this.#files.lstat(step.folder.child(step.name))));
    }
  }

  /** Makes what was prepared survive a power cut: much cheaper for many files at once than for each in its turn. */
  async sync({ index }: Pick<PlacedStep, 'index'>): Promise<void> {
    const handle = this.#unsynced.get(index);
    this.#unsynced.delete(index);
    try {
      await handle?.sync();
    } finally {
      await handle?.close();
    }
  }

  /** Makes the path the file or symlink that the step says is after it. */
  async write(step: PlacedStep): Promise<void> {
    const { before, after } = step.change;
    const current = await this.#read(step);
    try {
      if (after === undefined || isOnDisk(after, current)) {
        return;
      }
      this.#expect(before, current);
      if (current?.type === 'file' && after.type === 'file' && current.content === after.content) {
        await this.#changeMode(step, after);
      } else {
        await this.#replace(step, current, after);
      }
    } finally {
      await this.settle(step);
    }
    this.#verify(after, await this.#read(step));
  }

  /** Removes the file or symlink that the step says was before it. */
  async remove(step: PlacedStep): Promise<void> {
    const { before, after } = step.change;
    const current = await this.#read(step);
    const isReplaced = this.#mayBeGone && current?.type === 'folder';
    if (current === undefined || isReplaced || isOnDisk(after, current)) {
      return;
    }
    this.#expect(before, current);
    await this.#aside.remove(step, await this.#aside.moveAway(step, current));
  }

  /** Resolves what an interruption left beside the path. */
  settle(step: PlacedStep): Promise<void> {
    return this.#aside.settle(step);
  }

  async #replace(step: PlacedStep, current: Entry | undefined, after: Entry): Promise<void> {
    if (after.type === 'file' && !this.#prepared.has(step.index)) {
      throw changedSince();
    }
    const aside = current && (await this.#aside.moveAway(step, current));
    await this.#putInPlace(step, step.folder.child(step.name), after);
    await (aside && this.#aside.remove(step, aside));
  }

  /** Writes the whole content and checks it against its name. */
  async #writeBeside(step: PlacedStep, after: Entry, owner: { uid: number; gid: number } | undefined): Promise<void> {
    const place = this.#aside.placeOf(step, 'new');
    const handle = await this.#files.open(place, 'wx+', 0o600);
    try {
      for await (const chunk of this.#contents.read(after.content)) {
        await handle.appendFile(chunk);
      }
      if ((await readOpenFile(handle, this.#contents.digest)).content !== after.content) {
        throw new CheckpointError('corrupt', 'Its content in the store is damaged.');
      }
      await giveTo(handle, owner);
      await handle.chmod(after.mode);
      this.#prepared.add(step.index);
      this.#unsynced.set(step.index, handle);
    } catch (error) {
      await this.#files.unlink(place).catch(() => undefined);
      await handle.close();
      throw error;
    }
  }

  /** Never overwrites: fails when there is something at the path. */
  async #putInPlace(step: PlacedStep, place: Buffer, after: Entry): Promise<void> {
    try {
      if (after.type === 'symlink') {
        await this.#files.symlink(await this.#linkTarget(after), place);
      } else {
        await this.#aside.linkOrMove(this.#aside.placeOf(step, 'new'), place);
      }
    } catch (error) {
      throw errorCode(error) === 'EEXIST' ? changedSince() : error;
    }
  }

  async #changeMode(step: PlacedStep, after: Entry): Promise<void> {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
    const handle = await this.#files.open(step.folder.child(step.name), flags);
    try {
      await handle.chmod(after.mode);
    } finally {
      await handle.close();
    }
  }

  async #linkTarget(after: Entry): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#contents.read(after.content)) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  #verify(after: Entry, arrived: Entry | undefined): void {
    if (isOnDisk(after, arrived)) {
      return;
    }
    if (arrived !== undefined && isOnDisk(after, { ...arrived, mode: after.mode })) {
      const [is, wanted] = [arrived.mode.toString(8), after.mode.toString(8)];
      throw new CheckpointError('conflict', `Its content was restored, but its permissions are ${is}, not ${wanted}.`);
    }
    throw new CheckpointError('conflict', 'It was changed again right after it was restored.');
  }

  #expect(before: Entry | undefined, current: Entry | undefined): void {
    if (current?.type === 'folder') {
      throw new CheckpointError('conflict', 'A folder with files that no checkpoint has is in its place.');
    }
    // A folder that had to make room is gone by now.
    const expected = before?.type === 'folder' ? undefined : before;
    if (!isOnDisk(expected, current) && !(current === undefined && this.#mayBeGone)) {
      throw changedSince();
    }
  }

  #read(step: PlacedStep): Promise<Entry | undefined> {
    return readEntry(this.#files, step.folder.child(step.name), this.#contents.digest);
  }
}

/** Keeps the owner of a file that is replaced; without the right to do so the new one is ours. */
async function giveTo(handle: OpenFile, owner: { uid: number; gid: number } | undefined): Promise<void> {
  const stat = await handle.stat();
  if (owner !== undefined && (owner.uid !== stat.uid || owner.gid !== stat.gid)) {
    await handle.chown(owner.uid, owner.gid).catch(() => undefined);
  }
}
