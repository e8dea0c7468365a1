import type { StoreInfo } from '../../core/backend.ts';
import { available, requireCapability, unavailable } from '../../core/capabilities.ts';
import type { ChangeCounts } from '../../core/change.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { Disposable } from '../../core/disposable.ts';
import { Emitter, type Event } from '../../core/event.ts';
import type { ForeignTrees, KeptAs } from '../../core/foreignTrees.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { Capabilities, CheckpointStore, FileRestorer } from '../../core/store.ts';
import { watchFolder } from '../../platform/folderWatcher.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { CaptureFiles } from './captureFiles.ts';
import { type Capture, Captures } from './captures.ts';
import { SnapshotReader, type SnapshotRepository } from './snapshotRepository.ts';

export interface DockerAgentStoreOptions {
  readonly id: string;
  readonly repository: SnapshotRepository;
  readonly runner: ProcessRunner;
  /** The store of the folder's files, which looks into captures and keeps them. */
  readonly files: CheckpointStore;
  /** Its view of the repository's trees; disposed with this store. */
  readonly trees: ForeignTrees;
}

const LABEL = 'docker-agent capture';
const SHORT = 8;
const ITS_OWN = 'Captures are made and removed by docker-agent alone.';

/** The captures that docker-agent made of a folder. Nothing is ever written to its repository. */
export function openDockerAgentStore(options: DockerAgentStoreOptions): CheckpointStore {
  return new DockerAgentStore(options);
}

class DockerAgentStore implements CheckpointStore {
  readonly #info: Omit<StoreInfo, 'state'>;
  readonly capabilities: Capabilities;
  readonly #repository: SnapshotRepository;
  readonly #captures: Captures;
  readonly #trees: ForeignTrees;
  readonly #files: CaptureFiles;
  readonly #changed = new Emitter<void>();
  #watching: Disposable | undefined;

  constructor({ id, repository, runner, files, trees }: DockerAgentStoreOptions) {
    this.#repository = repository;
    this.#trees = trees;
    this.#captures = new Captures(repository, new SnapshotReader(runner, repository));
    this.#files = new CaptureFiles(this.#captures, trees);
    this.#info = {
      id,
      backend: 'dockerAgent',
      label: 'docker-agent',
      why: `docker-agent has a repository of captures for this folder: ${repository.gitDir}.`,
    };
    this.capabilities = {
      create: unavailable(ITS_OWN),
      files: available(this.#files),
      restoreFiles: available(this.#restorer(requireCapability(files.capabilities.restoreFiles))),
      annotate: unavailable(
        'There is no place for names and notes in a capture of docker-agent: keep it, and name the copy.',
      ),
      delete: unavailable(ITS_OWN),
      compact: unavailable(ITS_OWN),
      maintain: unavailable('Cleaning up is done by docker-agent itself.'),
      sandbox: unavailable('Captures of docker-agent hold files of the folder; they are in no sandbox.'),
      keep: available((checkpoint, context) => this.#keep(checkpoint, context)),
    };
  }

  get info(): StoreInfo {
    return { ...this.#info, state: this.#captures.isReachable ? 'ready' : 'unavailable' };
  }

  /** Every capture writes the index in the repository's folder; that is listened to from the first listener on. */
  readonly onDidChange: Event<void> = (listener) => {
    this.#watching ??= watchFolder(this.#repository.gitDir, () => this.#changed.fire());
    return this.#changed.event(listener);
  };

  async list(context?: OperationContext): Promise<readonly Checkpoint[]> {
    const steps = await this.#captures.list(context);
    const counts = await this.#captures.counts(steps, context);
    return steps.map(({ capture }, index) => this.#toCheckpoint(capture, counts[index]));
  }

  dispose(): void {
    this.#watching?.dispose();
    this.#changed.dispose();
    this.#trees.dispose();
  }

  #toCheckpoint({ id, tree, seenAt }: Capture, changes: ChangeCounts | undefined): Checkpoint {
    return {
      id,
      store: this.info.id,
      backend: 'dockerAgent',
      name: `docker-agent-${id.slice(0, SHORT)}`,
      label: LABEL,
      note: '',
      ...(seenAt === undefined ? {} : { createdAt: seenAt }),
      exactTime: false,
      origin: 'foreign',
      scope: ['workspace'],
      stateful: false,
      pinned: false,
      ...(changes === undefined ? {} : { changes }),
      coverage: { skipped: tree.skipped },
    };
  }

  async #keep(id: string, context?: OperationContext): Promise<Checkpoint> {
    const steps = await this.#captures.list(context);
    const seenAt = steps.find(({ capture }) => capture.id === id)?.capture.seenAt;
    const tree = await this.#files.tree(id);
    const as: KeptAs =
      seenAt === undefined
        ? { label: `${LABEL} (time unknown)`, note: `Tree ${id}. Listed at the time when it was kept.` }
        : { label: LABEL, note: `Tree ${id}.`, createdAt: seenAt };
    return this.#files.whileThere(() => this.#trees.keep(tree, as, context));
  }

  /** Plans and restores from a copy in the files store; what is restored from should be kept there first. */
  #restorer(files: FileRestorer): FileRestorer {
    const take = async (id: string, context?: OperationContext): Promise<string> => {
      const tree = await this.#files.tree(id);
      return this.#files.whileThere(() => this.#trees.take(tree, context));
    };
    return {
      check: async (target, context) => files.check(await take(target, context), context),
      plan: async (target, now, paths, context) => files.plan(await take(target, context), now, paths, context),
      apply: (plan, context) => files.apply(plan, context),
      interrupted: () => files.interrupted(),
      recover: (how, context) => files.recover(how, context),
    };
  }
}
