import type { StoreInfo, StoreState } from '../../core/backend.ts';
import { available, unavailable } from '../../core/capabilities.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { Disposable } from '../../core/disposable.ts';
import { isCheckpointError } from '../../core/error.ts';
import { Emitter, type Event } from '../../core/event.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { Capabilities, CheckpointStore } from '../../core/store.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { annotateSnapshot } from './annotateSnapshot.ts';
import { stateOf } from './container.ts';
import { createSnapshotCheckpoint } from './createSnapshotCheckpoint.ts';
import { deleteSnapshots } from './deleteSnapshots.ts';
import type { DetectedContainer } from './detectContainers.ts';
import type { IncusClient } from './incusClient.ts';
import { type EventWatcher, type IncusEvent, watchIncus } from './incusEvents.ts';
import { openSandbox } from './incusSandbox.ts';
import { InstanceAccess } from './instanceAccess.ts';

export interface IncusStoreOptions {
  /** Of the container's project; disposed with the store. */
  readonly client: IncusClient;
  readonly container: DetectedContainer;
  /** Folder for the locks that all windows and the command line share. */
  readonly lockFolder: string;
  readonly clock?: Clock;
}

/** Events come in groups of three and more; one answer to a group is enough. */
const GATHER_MS = 25;

/** The checkpoints of one container: its Incus snapshots, whoever made them. */
export function openIncusStore(options: IncusStoreOptions): CheckpointStore {
  return new IncusStore(options);
}

class IncusStore implements CheckpointStore {
  readonly capabilities: Capabilities;
  readonly #client: IncusClient;
  readonly #access: InstanceAccess;
  readonly #changed = new Emitter<void>();
  #info: StoreInfo;
  #watching: Disposable | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor({ client, container, lockFolder, clock = systemClock }: IncusStoreOptions) {
    const { name, project, volume, identity, id, why, state } = container;
    const lockFile = `${lockFolder}/incus-${identity.replaceAll(/[^\w-]/g, '_')}.lock`;
    this.#client = client;
    this.#access = new InstanceAccess(client, { store: id, name, project, volume, lockFile });
    this.#info = { id, backend: 'incus', label: name, state, why };
    this.capabilities = capabilities(this.#access, clock);
  }

  get info(): StoreInfo {
    return this.#info;
  }

  /** Incus is listened to from the first listener on, so that a short command does not pay for it. */
  readonly onDidChange: Event<void> = (listener) => {
    this.#watching ??= watchIncus(this.#client, this.#watcher());
    return this.#changed.event(listener);
  };

  async list(context?: OperationContext): Promise<readonly Checkpoint[]> {
    try {
      const { instance, snapshots } = await this.#access.read(context);
      this.#enter(stateOf(instance));
      return snapshots.map(({ checkpoint }) => checkpoint);
    } catch (error) {
      if (!isCheckpointError(error, 'cancelled')) {
        this.#enter('unavailable');
      }
      throw error;
    }
  }

  dispose(): void {
    clearTimeout(this.#telling);
    this.#watching?.dispose();
    this.#changed.dispose();
    this.#client.dispose();
  }

  #watcher(): EventWatcher {
    const { name, project } = this.#access.place;
    const isOurs = (event: IncusEvent): boolean =>
      event.project === project && (event.instance === name || event.oldName === name);
    return {
      onEvent: (event) => {
        if (isOurs(event)) {
          this.#tell();
        }
      },
      onConnected: () => this.#tell(),
      onLost: () => this.#enter('unavailable'),
    };
  }

  #enter(state: StoreState): void {
    if (state !== this.#info.state) {
      this.#info = { ...this.#info, state };
      this.#tell();
    }
  }

  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#changed.fire();
    }, GATHER_MS);
  }
}

function capabilities(access: InstanceAccess, clock: Clock): Capabilities {
  const { name } = access.place;
  return {
    create: available((request, context) => createSnapshotCheckpoint(access, clock, request, context)),
    annotate: available((checkpoint, annotation) => annotateSnapshot(access, checkpoint, annotation)),
    delete: available((checkpoints, context) => deleteSnapshots(access, checkpoints, context)),
    files: unavailable(`Incus cannot show files inside the snapshots of "${name}" without restoring them.`),
    restoreFiles: unavailable(
      `A checkpoint of the container "${name}" holds its system, not the files of the workspace folder.`,
    ),
    compact: unavailable('Incus keeps each snapshot whole: delete those that you do not need.'),
    maintain: unavailable('Incus takes care of its own storage.'),
    sandbox: available(openSandbox(access, clock)),
    keep: unavailable('Nobody but you and its expiry removes a snapshot of a container.'),
  };
}
