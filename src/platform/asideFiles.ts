import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { Change, Entry } from '../core/change.ts';
import { CheckpointError } from '../core/error.ts';
import { errorCode } from './atomicFile.ts';
import { isOnDisk, readEntry, sameStat, undefinedWhenMissing, type ContentDigest } from './diskEntry.ts';
import type { FileOperations } from './diskFiles.ts';
import type { OpenFolder } from './openFolder.ts';
import { pathToBytes } from './pathBytes.ts';
import { temporaryName, type TemporaryRole } from './temporaryName.ts';

/** One step of a restore at the place where it happens. */
export interface PlacedStep {
  readonly folder: OpenFolder;
  readonly name: string;
  readonly change: Change;
  /** Part of the names of its temporary files. */
  readonly index: number;
}

const LONGEST_KEPT_NAME = 200;
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Moves what is at a path aside, under a temporary name beside it, where it is looked at again: what turns out not to be
 * captured goes back, and only what is captured is removed. Nothing here ever overwrites a file.
 */
export class AsideFiles {
  readonly #files: FileOperations;
  readonly #digest: ContentDigest;
  readonly #restoreId: string;

  constructor(files: FileOperations, digest: ContentDigest, restoreId: string) {
    this.#files = files;
    this.#digest = digest;
    this.#restoreId = restoreId;
  }

  placeOf(step: PlacedStep, role: TemporaryRole): Buffer {
    return step.folder.child(temporaryName(this.#restoreId, step.index, role));
  }

  /** Throws with the path as it was unless it is what was expected. */
  async moveAway(step: PlacedStep, expected: Entry): Promise<BigIntStats> {
    const old = this.placeOf(step, 'old');
    await this.#files.rename(step.folder.child(step.name), old);
    try {
      const stat = await this.#files.lstat(old, { bigint: true });
      if (!isOnDisk(expected, await readEntry(this.#files, old, this.#digest))) {
        throw changedSince();
      }
      return stat;
    } catch (error) {
      await this.#putBack(step);
      throw error;
    }
  }

  /** Removes what was moved away, unless a program that still has it open has written to it meanwhile. */
  async remove(step: PlacedStep, seen: BigIntStats): Promise<void> {
    const old = this.placeOf(step, 'old');
    if (sameStat(seen, await this.#files.lstat(old, { bigint: true }))) {
      await this.#files.unlink(old);
    } else {
      await this.#putBack(step);
      throw changedSince();
    }
  }

  /** Resolves what a failure or an interruption left, so that the path is something and nothing is beside it. */
  async settle(step: PlacedStep): Promise<void> {
    await this.#files.unlink(this.placeOf(step, 'new')).catch(undefinedWhenMissing);
    const old = this.placeOf(step, 'old');
    const aside = await readEntry(this.#files, old, this.#digest);
    if (aside === undefined) {
      return;
    }
    const { before, after } = step.change;
    const isCaptured = isOnDisk(before, aside) || isOnDisk(after, aside);
    if (isCaptured && (await this.#isTaken(step.folder.child(step.name)))) {
      await this.#files.unlink(old);
    } else {
      await this.#putBack(step);
    }
  }

  /** Gives a file another name that must be free. */
  async linkOrMove(from: Buffer, to: Buffer): Promise<void> {
    try {
      await this.#files.link(from, to);
    } catch (error) {
      if (!NO_LINKS.includes(errorCode(error) ?? '')) {
        throw error;
      }
      if (await this.#isTaken(to)) {
        throw changedSince();
      }
      // The best that is left on a file system without hard links.
      await this.#files.rename(from, to);
    }
  }

  /** Under another name beside it when its own has been taken again. */
  async #putBack(step: PlacedStep): Promise<void> {
    const old = this.placeOf(step, 'old');
    const name = step.folder.child(step.name);
    const [aside, taken] = [await this.#files.lstat(old), await this.#files.lstat(name).catch(undefinedWhenMissing)];
    if (taken !== undefined) {
      await (taken.ino === aside.ino && taken.dev === aside.dev ? this.#files.unlink(old) : this.#keep(step));
      return;
    }
    try {
      if (aside.isSymbolicLink()) {
        await this.#files.symlink(await this.#files.readlink(old, { encoding: 'buffer' }), name);
      } else {
        await this.linkOrMove(old, name);
      }
    } catch (error) {
      if (errorCode(error) === 'EEXIST') {
        await this.#keep(step);
      }
      throw error;
    }
    await this.#files.unlink(old).catch(undefinedWhenMissing);
  }

  async #keep(step: PlacedStep): Promise<never> {
    const kept = keptName(step.name);
    await this.#files.rename(this.placeOf(step, 'old'), step.folder.child(kept));
    throw new CheckpointError('conflict', `It was changed while it was restored. That content is kept as "${kept}".`);
  }

  async #isTaken(place: Buffer): Promise<boolean> {
    return (await this.#files.lstat(place).catch(undefinedWhenMissing)) !== undefined;
  }
}

export function changedSince(): CheckpointError {
  return new CheckpointError('conflict', 'It was changed after the safety checkpoint was made.');
}

function keptName(name: string): string {
  const suffix = `.kept-${randomBytes(4).toString('hex')}`;
  return pathToBytes(name).length > LONGEST_KEPT_NAME ? `restored-over${suffix}` : name + suffix;
}
