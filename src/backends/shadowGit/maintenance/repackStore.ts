import { join } from 'node:path';
import type { OperationContext } from '../../../core/operationContext.ts';
import { writeFileAtomic } from '../../../platform/atomicFile.ts';
import { appendLines, factsOf, namesIn, readTextIfThere, removeFile } from '../../../platform/dataFiles.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

/** Loose objects of about 64 checkpoints of a few changed files. */
const MANY_LOOSE = 600;
/** Each repack of loose objects makes a pack, and an object is looked for in one after the other. */
const MANY_PACKS = 30;
/** Deletions after which what they left behind is worth a complete repack. */
const MANY_DELETED = 32;
/** Passing captures after which what they left behind is worth looking for: each may have read large files. */
const MANY_PASSING = 32;
const SAMPLE = ['00', '3f', '7e', 'bd', 'c1', 'd2', 'e3', 'f4'];
const FAN_OUT = 256;
const MARK = '.\n';
/** Somebody may still compare with the folder as it was, which no ref holds. */
const PRUNE_AGE = '1.hour.ago';
const PRUNE_AGE_MS = 60 * 60_000;

/** The housekeeping that `gc` would do at the wrong moment. Callers of the methods that write hold the store's lock. */
export class StoreRepacker {
  readonly #repository: ShadowRepository;
  readonly #packFolder: string;
  readonly #deletions: string;
  readonly #passing: string;
  /** How many loose objects the last repack had to leave, since they are young and nothing refers to them. */
  readonly #spared: string;

  constructor(repository: ShadowRepository) {
    this.#repository = repository;
    this.#packFolder = join(repository.gitDir, 'objects/pack');
    this.#deletions = join(repository.dataFolder, 'deletions');
    this.#passing = join(repository.dataFolder, 'passing');
    this.#spared = join(repository.dataFolder, 'spared');
  }

  /** How much there is to do: 1 and more means that it is time for {@link run}, many times that it is overdue. */
  async need(): Promise<number> {
    return Math.max(
      ((await this.#looseObjects()) - (await this.#sparedObjects())) / MANY_LOOSE,
      (await countMarks(this.#deletions)) / MANY_DELETED,
      (await countMarks(this.#passing)) / MANY_PASSING,
      (await this.#abandonedPacks()).length,
      (await this.#ownPacks()) / MANY_PACKS,
    );
  }

  async noteDeletions(count: number): Promise<void> {
    await appendLines(this.#deletions, MARK.repeat(count));
  }

  /** Notes a capture that no checkpoint holds, as for a comparison with the folder as it is. */
  async notePassing(): Promise<void> {
    await appendLines(this.#passing, MARK);
  }

  /**
   * Packs loose objects, and drops those that comparing with the folder as it was left behind; with many deletions or packs,
   * or packs that only we still have, everything.
   */
  async run(context?: OperationContext): Promise<void> {
    if (await this.#wantsAll()) {
      return this.repackAll(context);
    }
    // Not `--geometric`, which packs what nothing refers to as well, so that it could not be pruned any more.
    await this.#git(['repack', '-d', '-n', '-q'], context);
    const isDue = (await countMarks(this.#passing)) >= MANY_PASSING;
    if (isDue || (await this.#looseObjects()) >= MANY_LOOSE) {
      await this.#prune(context);
    }
  }

  /** One pack of all that checkpoints need, and nothing else but loose objects younger than an hour. */
  async repackAll(context?: OperationContext): Promise<void> {
    for (const pack of await this.#abandonedPacks()) {
      await removeFile(join(this.#packFolder, `${pack}.keep`));
    }
    // First, as it makes room for the new pack.
    await this.#prune(context);
    await this.#git(['repack', '-a', '-d', '-n', '-q'], context);
    await removeFile(this.#deletions);
  }

  async #prune(context?: OperationContext): Promise<void> {
    await this.#git(['prune', `--expire=${PRUNE_AGE}`], context);
    await writeFileAtomic(this.#spared, `${await this.#looseObjects()}\n`);
    await removeFile(this.#passing);
  }

  /** They are counted again when they are old enough to go. */
  async #sparedObjects(): Promise<number> {
    const age = Date.now() - ((await factsOf(this.#spared))?.modifiedMs ?? 0);
    return age < PRUNE_AGE_MS ? Number(await readTextIfThere(this.#spared)) || 0 : 0;
  }

  /** An estimate. */
  async #looseObjects(): Promise<number> {
    const counts = await Promise.all(SAMPLE.map((name) => this.#countOwn(name)));
    return counts.reduce((sum, count) => sum + count, 0) * (FAN_OUT / SAMPLE.length);
  }

  async #wantsAll(): Promise<boolean> {
    return (
      (await countMarks(this.#deletions)) >= MANY_DELETED ||
      (await this.#abandonedPacks()).length > 0 ||
      (await this.#ownPacks()) >= MANY_PACKS
    );
  }

  async #ownPacks(): Promise<number> {
    const names = await namesIn(this.#packFolder);
    const count = (ending: string): number => names.filter((name) => name.endsWith(ending)).length;
    return count('.pack') - count('.keep');
  }

  /** Loose objects in one folder of them, but for those that are shared with the user's repository by hard link. */
  async #countOwn(fan: string): Promise<number> {
    const folder = join(this.#repository.gitDir, 'objects', fan);
    const facts = await Promise.all((await namesIn(folder)).map((name) => factsOf(join(folder, name))));
    return facts.filter((fact) => fact?.links === 1).length;
  }

  /** Packs shared with the user's repository by hard link until it rewrote them: now they take space for us alone. */
  async #abandonedPacks(): Promise<string[]> {
    const names = await namesIn(this.#packFolder);
    const kept = names.filter((name) => name.endsWith('.keep')).map((name) => name.slice(0, -'.keep'.length));
    const facts = await Promise.all(kept.map((pack) => factsOf(join(this.#packFolder, `${pack}.pack`))));
    return kept.filter((_, index) => facts[index]?.links === 1);
  }

  async #git(args: readonly string[], context?: OperationContext): Promise<void> {
    await this.#repository.git(args, {
      lowPriority: true,
      ...(context?.signal === undefined ? {} : { signal: context.signal }),
    });
  }
}

async function countMarks(file: string): Promise<number> {
  return ((await readTextIfThere(file)) ?? '').length / MARK.length;
}
