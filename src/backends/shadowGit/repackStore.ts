import { join } from 'node:path';
import type { OperationContext } from '../../core/operationContext.ts';
import { appendLines, factsOf, namesIn, readTextIfThere, removeFile } from '../../platform/dataFiles.ts';
import type { GitVersion } from './gitVersion.ts';
import { isAtLeast } from './gitVersion.ts';
import type { ShadowRepository } from './shadowRepository.ts';

/** Loose objects of about 64 checkpoints of a few changed files. */
const MANY_LOOSE = 600;
/** Deletions after which what they left behind is worth a complete repack. */
const MANY_DELETED = 32;
const SAMPLE = ['00', '3f', '7e', 'bd', 'c1', 'd2', 'e3', 'f4'];
const FAN_OUT = 256;
const DELETION = '.\n';
const PRUNE_AGE = '1.hour.ago';

/** The housekeeping that `gc` would do at the wrong moment. Callers of the methods that write hold the store's lock. */
export class StoreRepacker {
  readonly #repository: ShadowRepository;
  readonly #version: GitVersion;
  readonly #packFolder: string;
  readonly #deletions: string;

  constructor(repository: ShadowRepository, version: GitVersion) {
    this.#repository = repository;
    this.#version = version;
    this.#packFolder = join(repository.gitDir, 'objects/pack');
    this.#deletions = join(repository.dataFolder, 'deletions');
  }

  /** How much there is to do: 1 and more means that it is time for {@link run}, many times that it is overdue. */
  async need(): Promise<number> {
    const isDue = (await this.#wantsAll()) ? 1 : 0;
    const counts = await Promise.all(SAMPLE.map((name) => this.#countOwn(name)));
    const loose = counts.reduce((sum, count) => sum + count, 0) * (FAN_OUT / SAMPLE.length);
    return Math.max(loose / MANY_LOOSE, isDue);
  }

  async noteDeletions(count: number): Promise<void> {
    await appendLines(this.#deletions, DELETION.repeat(count));
  }

  /** Packs loose objects; with many deletions, or packs that only we still have, everything. */
  async run(context?: OperationContext): Promise<void> {
    if (await this.#wantsAll()) {
      return this.repackAll(context);
    }
    const geometric = isAtLeast(this.#version, 2, 32) ? ['--geometric=2'] : [];
    await this.#git(['repack', '-d', '-n', '-q', ...geometric], context);
  }

  /** One pack of all that checkpoints need, and nothing else but loose objects younger than an hour. */
  async repackAll(context?: OperationContext): Promise<void> {
    for (const pack of await this.#abandonedPacks()) {
      await removeFile(join(this.#packFolder, `${pack}.keep`));
    }
    await this.#git(['repack', '-a', '-d', '-n', '-q'], context);
    await this.#git(['prune', `--expire=${PRUNE_AGE}`], context);
    await removeFile(this.#deletions);
  }

  async #wantsAll(): Promise<boolean> {
    const deletions = (await readTextIfThere(this.#deletions)) ?? '';
    return deletions.length / DELETION.length >= MANY_DELETED || (await this.#abandonedPacks()).length > 0;
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
