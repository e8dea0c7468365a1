import { dirname, join, relative } from 'node:path';
import { fingerprint } from '../../../platform/fingerprint.ts';
import { configurationFolder, homeFolder } from '../../../platform/homeFolder.ts';
import { readTextIfThere } from '../../../platform/dataFiles.ts';
import { sha1 } from '../../../platform/hash.ts';
import { ensureFile } from '../../../platform/repositoryFolder.ts';
import { CHECK_IGNORE_ENVIRONMENT } from '../git/checkIgnore.ts';
import { composeExcludes } from './ignoreRules.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { configuredFiles, findUserRepository } from './userRepository.ts';
import type { UserRepository } from './userRepository.ts';
import type { WorkTree } from './workTree.ts';

/** Where a workspace folder lies and which rules apply to it from outside of it. */
export interface Surroundings {
  /** Undefined for a plain folder. */
  readonly userRepository: UserRepository | undefined;
  readonly workTree: WorkTree;
  /** Another one when a rule may have changed that does not come from a `.gitignore` below the workspace folder. */
  readonly rulesKey: string;
  /** The ignore files of the folders above the workspace folder, by their paths relative to the top. */
  readonly ignoreFilesAbove: ReadonlyMap<string, string>;
}

interface Found {
  readonly key: string;
  readonly repository: UserRepository | undefined;
  readonly globalExcludesFile: string;
}

/** Finds the surroundings of a workspace folder, and asks git again only when something there has changed. */
export class SurroundingsFinder {
  readonly #repository: ShadowRepository;
  #found: Found | undefined;
  #last: Surroundings | undefined;

  constructor(repository: ShadowRepository) {
    this.#repository = repository;
  }

  /** Also brings the store's own exclude file up to date. */
  async find(excludes: readonly string[]): Promise<Surroundings> {
    const found = await this.#locate();
    const enclosing = await this.#apply(found.repository, found, excludes);
    if (enclosing.rulesKey === this.#last?.rulesKey) {
      return this.#last;
    }
    // A folder that the repository around it ignores is captured for what it is by itself.
    const isIgnored = enclosing.workTree.prefix !== '' && (await this.#isIgnored(enclosing.workTree));
    this.#last = isIgnored
      ? { ...(await this.#apply(undefined, found, excludes)), rulesKey: enclosing.rulesKey }
      : enclosing;
    return this.#last;
  }

  async #locate(): Promise<Found> {
    const { workspace } = this.#repository;
    const key = await this.#locationKey();
    if (this.#found?.key !== key) {
      const [repository, { excludes }] = await Promise.all([findUserRepository(workspace), configuredFiles(workspace)]);
      const globalExcludesFile = excludes ?? join(configurationFolder(), 'git', 'ignore');
      this.#found = { key: await this.#locationKey(repository), repository, globalExcludesFile };
    }
    return this.#found;
  }

  async #locationKey(repository = this.#found?.repository): Promise<string> {
    const places = ancestors(this.#repository.workspace).map((folder) => join(folder, '.git'));
    const configurations = [
      join(homeFolder(), '.gitconfig'),
      join(configurationFolder(), 'git', 'config'),
      ...(repository === undefined ? [] : [join(repository.gitDir, 'config'), join(repository.gitDir, 'HEAD')]),
    ];
    return (await Promise.all([...places, ...configurations].map(fingerprint))).join('|');
  }

  async #apply(
    userRepository: UserRepository | undefined,
    { globalExcludesFile }: Found,
    setting: readonly string[],
  ): Promise<Surroundings> {
    const { workspace, dataFolder, gitDir } = this.#repository;
    const { top, prefix } = userRepository ?? { top: workspace, prefix: '' };
    const excludes = composeExcludes({
      global: (await readTextIfThere(globalExcludesFile).catch(() => undefined)) ?? '',
      repository: (userRepository && (await readTextIfThere(userRepository.excludeFile).catch(() => undefined))) ?? '',
      setting,
      prefix,
    });
    await ensureFile(join(gitDir, 'info', 'exclude'), excludes);
    const above = ancestors(workspace).filter(
      (folder) => folder.length < workspace.length && folder.length >= top.length,
    );
    const ignoreFilesAbove = new Map<string, string>();
    for (const folder of above) {
      const rules = (await readTextIfThere(join(folder, '.gitignore')).catch(() => undefined)) ?? '';
      ignoreFilesAbove.set(join(relative(top, folder), '.gitignore'), rules);
    }
    return {
      userRepository,
      workTree: { top, prefix, indexFile: join(dataFolder, 'index') },
      rulesKey: sha1()
        .update(JSON.stringify([top, prefix, excludes, [...ignoreFilesAbove.values()]]))
        .digest('hex'),
      ignoreFilesAbove,
    };
  }

  async #isIgnored(workTree: WorkTree): Promise<boolean> {
    const args = ['check-ignore', '--quiet', '--no-index', '--', `./${workTree.prefix.slice(0, -1)}`];
    const request = { cwd: workTree.top, okExitCodes: [0, 1], env: CHECK_IGNORE_ENVIRONMENT };
    const result = await this.#repository.git([`--work-tree=${workTree.top}`, ...args], request);
    return result.exitCode === 0;
  }
}

/** The folder itself and all folders above it. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
