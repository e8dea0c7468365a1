import type { Change, Entry } from '../core/change.ts';
import { CheckpointError, isCheckpointError } from '../core/error.ts';
import { errorCode } from './atomicFile.ts';
import { forEachLimited } from './concurrency.ts';
import { undefinedWhenMissing } from './diskEntry.ts';
import type { FileOperations } from './diskFiles.ts';
import { inFolder, openChild, type OpenFolder } from './openFolder.ts';
import { baseName, depthOf, folderOf, foldersAbove } from './relativePath.ts';

/** What a writer of folders works on. */
export interface FolderParts {
  readonly files: FileOperations;
  /** Real path of the workspace folder. */
  readonly root: string;
  /** What a folder is in the state that is written; undefined when that state has no such folder. */
  readonly folderAtTarget: (path: string) => Promise<Entry | undefined>;
}

/** Told what has to be known after an interruption. */
export interface FolderNotes {
  /** A folder is about to be made. */
  making(path: string): Promise<void>;
}

/** What the owner needs to work in a folder. New ones have at least this until all is written. */
export const WORKABLE = 0o700;

const SYNCS_AT_ONCE = 16;
const USUAL_MODE = 0o755;
const STAYS = ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'];

/** Makes, removes and changes the folders of a restore. A folder that holds anything is never removed. */
export class FolderWriter {
  readonly #parts: FolderParts;
  readonly #notes: FolderNotes;
  readonly #touched = new Set<string>();
  readonly #known = new Set<string>();
  readonly #lateModes = new Map<string, number>();

  constructor(parts: FolderParts, notes: FolderNotes) {
    this.#parts = parts;
    this.#notes = notes;
  }

  /** Opens the folder that holds `path` for an action there. */
  inParent<T>(path: string, action: (parent: OpenFolder) => Promise<T>): Promise<T> {
    const parent = folderOf(path);
    this.#touched.add(parent);
    return inFolder(this.#parts.files, this.#parts.root, parent, action);
  }

  /** Folders that end with these steps: those that they name, and those that they leave empty; deepest first. */
  async ending(changes: readonly Change[]): Promise<string[]> {
    const candidates = new Set<string>();
    for (const { path, before, after } of changes) {
      if (before?.type === 'folder' && after?.type !== 'folder') {
        candidates.add(path);
      }
      if (after === undefined) {
        foldersAbove(path).forEach((folder) => candidates.add(folder));
      }
    }
    const ending: string[] = [];
    for (const path of candidates) {
      if ((await this.#parts.folderAtTarget(path)) === undefined) {
        ending.push(path);
      }
    }
    return ending.toSorted((a, b) => depthOf(b) - depthOf(a));
  }

  /** Removes a folder if it is empty; false when it stays, because it holds something or is none. */
  async remove(path: string): Promise<boolean> {
    try {
      await this.inParent(path, (parent) => this.#parts.files.rmdir(parent.child(baseName(path))));
      return true;
    } catch (error) {
      if (STAYS.includes(errorCode(error) ?? '') || isCheckpointError(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Makes a folder, and those on the way to it, where they are missing. */
  async ensure(path: string): Promise<void> {
    for (const folder of [...foldersAbove(path), path]) {
      if (folder !== '' && !this.#known.has(folder)) {
        await this.inParent(folder, (parent) => this.#ensureIn(parent, folder));
        this.#known.add(folder);
      }
    }
  }

  /** Gives folders that an interrupted attempt may have just made the permissions that they are to have. */
  async completeMade(made: ReadonlySet<string>): Promise<void> {
    for (const path of made) {
      if ((await this.#parts.folderAtTarget(path)) !== undefined) {
        // It may never have been made, or be gone again: then there is nothing to complete.
        await this.inParent(path, (parent) => this.#setFirstMode(parent, path)).catch(() => undefined);
      }
    }
  }

  async changeMode(path: string, mode: number): Promise<void> {
    await this.inParent(path, (parent) => this.#chmod(parent, path, mode));
  }

  /** Takes from new folders what they had only to be worked in. */
  async applyLateModes(): Promise<void> {
    for (const [path, mode] of [...this.#lateModes].toSorted(([a], [b]) => depthOf(b) - depthOf(a))) {
      await this.changeMode(path, mode).catch(ignoreMissing);
    }
  }

  /** Makes the new names of all folders that were worked in survive a power cut. */
  async sync(): Promise<void> {
    await forEachLimited(this.#touched, SYNCS_AT_ONCE, async (folder) => {
      // A folder that cannot be opened any more was removed, which its parent's sync makes last.
      await inFolder(this.#parts.files, this.#parts.root, folder, ({ handle }) => handle.sync()).catch(() => undefined);
    });
  }

  async #ensureIn(parent: OpenFolder, path: string): Promise<void> {
    const place = parent.child(baseName(path));
    const present = await this.#parts.files.lstat(place).catch(undefinedWhenMissing);
    if (present !== undefined && !present.isDirectory()) {
      throw new CheckpointError('conflict', `"${path}" is a symbolic link or a file, where a folder has to be.`);
    }
    if (present === undefined) {
      await this.#notes.making(path);
      await this.#make(place);
      await this.#setFirstMode(parent, path);
    }
  }

  async #setFirstMode(parent: OpenFolder, path: string): Promise<void> {
    const mode = (await this.#parts.folderAtTarget(path))?.mode ?? USUAL_MODE;
    await this.#chmod(parent, path, mode | WORKABLE);
    if ((mode | WORKABLE) !== mode) {
      this.#lateModes.set(path, mode);
    }
  }

  async #make(place: Buffer): Promise<void> {
    try {
      await this.#parts.files.mkdir(place, WORKABLE);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        throw error;
      }
    }
  }

  async #chmod(parent: OpenFolder, path: string, mode: number): Promise<void> {
    const folder = await openChild(this.#parts.files, parent, baseName(path));
    try {
      await folder.handle.chmod(mode);
    } finally {
      await folder.close();
    }
  }
}

/** A folder that was removed after it was made needs no permissions. */
function ignoreMissing(error: unknown): void {
  if (!isCheckpointError(error)) {
    throw error;
  }
}
