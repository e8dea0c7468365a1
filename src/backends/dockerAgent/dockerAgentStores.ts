import { dirname } from 'node:path';
import type { Disposable } from '../../core/disposable.ts';
import { Emitter, type Event } from '../../core/event.ts';
import type { OpenForeignTrees } from '../../core/foreignTrees.ts';
import type { CheckpointStore } from '../../core/store.ts';
import type { StoreSource } from '../../core/storeSource.ts';
import { homeFolder } from '../../platform/homeFolder.ts';
import { watchFolder } from '../../platform/folderWatcher.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { openDockerAgentStore } from './dockerAgentStore.ts';
import { findSnapshotRepositories, type SnapshotRepository } from './snapshotRepository.ts';

export interface DockerAgentStoresOptions {
  /** Real path of the workspace folder. */
  readonly workspace: string;
  /** What docker-agent's option `--data-dir` named, besides its default. */
  readonly dataFolders: readonly string[];
  readonly runner: ProcessRunner;
  readonly files: CheckpointStore & { readonly openForeignTrees: OpenForeignTrees };
}

/** The stores of the captures that docker-agent made of a folder: one per data folder that has some. */
export class DockerAgentStores implements StoreSource {
  readonly #options: DockerAgentStoresOptions;
  readonly #dataFolders: readonly string[];
  readonly #changed = new Emitter<void>();
  readonly #open = new Map<string, CheckpointStore>();
  #watching: readonly Disposable[] | undefined;
  #looking: Promise<void> | undefined;
  #disposed = false;

  readonly absence = undefined;

  constructor(options: DockerAgentStoresOptions) {
    this.#options = options;
    this.#dataFolders = [`${homeFolder()}/.cagent`, ...options.dataFolders];
  }

  get stores(): readonly CheckpointStore[] {
    return [...this.#open.values()];
  }

  readonly onDidChange: Event<void> = (listener) => {
    if (this.#watching === undefined) {
      const folders = this.#dataFolders.map((dataFolder) => `${dataFolder}/snapshot`);
      this.#watching = folders.map((folder) => watchFolder(folder, () => void this.look()));
      void this.look();
    }
    return this.#changed.event(listener);
  };

  /** Looks once; never throws. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  dispose(): void {
    this.#disposed = true;
    for (const part of [...(this.#watching ?? []), ...this.#open.values(), this.#changed]) {
      part.dispose();
    }
    this.#open.clear();
  }

  async #look(): Promise<void> {
    const { runner, workspace } = this.#options;
    const found = await findSnapshotRepositories(runner, workspace, this.#dataFolders).catch(() => []);
    if (this.#disposed) {
      return;
    }
    const wanted = new Map(found.map((repository) => [repository.gitDir, repository]));
    const gone = [...this.#open].filter(([gitDir]) => !wanted.has(gitDir));
    for (const [gitDir, store] of gone) {
      this.#open.delete(gitDir);
      store.dispose();
    }
    const fresh = [...wanted.values()].filter(({ gitDir }) => !this.#open.has(gitDir));
    for (const repository of fresh) {
      this.#open.set(repository.gitDir, this.#openStore(repository));
    }
    if (gone.length + fresh.length > 0) {
      this.#changed.fire();
    }
  }

  #openStore(repository: SnapshotRepository): CheckpointStore {
    const { runner, files } = this.#options;
    const place = this.#dataFolders.indexOf(dirname(dirname(repository.gitDir)));
    const id = place > 0 ? `docker-agent-${place + 1}` : 'docker-agent';
    return openDockerAgentStore({
      id,
      repository,
      runner,
      files,
      trees: files.openForeignTrees(repository.objectFolder),
    });
  }
}
