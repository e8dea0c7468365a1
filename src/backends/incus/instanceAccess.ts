import { CheckpointError } from '../../core/error.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import { acquireFileLock } from '../../platform/fileLock.ts';
import { rootVolumeOf } from './container.ts';
import type { IncusClient } from './incusClient.ts';
import { getInstance, getOperations, getVolumes, type RootVolume } from './incusRequests.ts';
import { instanceSchema, operationsSchema, volumesSchema, type WireInstance, type WireOperation } from './incusWire.ts';
import { type Snapshot, toSnapshots } from './snapshotCheckpoint.ts';

/** One instance at one moment. */
export interface InstanceNow {
  readonly instance: WireInstance;
  readonly volume: RootVolume;
  /** Newest first; those that are still being made are left out. */
  readonly snapshots: readonly Snapshot[];
  /** What Incus is doing with it, in its words; undefined when nothing. */
  readonly busyWith: string | undefined;
}

export interface InstancePlace {
  /** Id of the store. */
  readonly store: string;
  readonly name: string;
  readonly project: string;
  /** Known from detection, so that everything can be read at once. */
  readonly volume: RootVolume | undefined;
  /** One process at a time changes the instance: Incus's own exclusion of operations has holes. */
  readonly lockFile: string;
}

const LOCK_WAIT_MS = 10_000;
const SNAPSHOTTING = 'Snapshotting instance';

/** Reads one instance, and keeps changes to it apart. */
export class InstanceAccess {
  readonly client: IncusClient;
  readonly place: InstancePlace;
  #volume: RootVolume | undefined;

  constructor(client: IncusClient, place: InstancePlace) {
    this.client = client;
    this.place = place;
    this.#volume = place.volume;
  }

  /** @throws CheckpointError `notFound` when the instance is gone. */
  async read(context?: OperationContext): Promise<InstanceNow> {
    const reading = this.client.read(getInstance(this.place.name), instanceSchema, context);
    const volume = this.#volume ?? requireRootVolume(await reading);
    const [instance, descriptions, running] = await Promise.all([
      reading,
      this.#descriptions(volume, context),
      this.#runningTasks(context),
    ]);
    this.#volume = requireRootVolume(instance);
    if (this.#volume.pool !== volume.pool) {
      // It was moved to another pool since.
      return this.read(context);
    }
    const unfinished = unfinishedSnapshots(running);
    const complete = instance.snapshots.filter(({ name }) => !unfinished.has(name));
    return {
      instance,
      volume,
      snapshots: toSnapshots(this.place.store, { ...instance, snapshots: complete }, descriptions),
      busyWith: running[0]?.description,
    };
  }

  /**
   * Does a change while no other process of ours does one.
   * @throws CheckpointError `busy` also while Incus works on the instance for somebody else.
   */
  async change<T>(work: (now: InstanceNow) => Promise<T>, context?: OperationContext): Promise<T> {
    const signal = context?.signal;
    const lock = await acquireFileLock(this.place.lockFile, {
      timeoutMs: LOCK_WAIT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const now = await this.read(context);
      if (now.busyWith !== undefined) {
        throw new CheckpointError('busy', `Incus is busy with ${now.instance.name}: ${now.busyWith}.`, {
          hint: 'Wait until it is done, and try again.',
        });
      }
      return await work(now);
    } finally {
      await lock.release();
    }
  }

  async #descriptions(volume: RootVolume, context?: OperationContext): Promise<ReadonlyMap<string, string>> {
    const volumes = await this.client.read(getVolumes(volume), volumesSchema, context);
    const prefix = `${volume.instance}/`;
    return new Map(
      volumes
        .filter(({ name, project }) => name.startsWith(prefix) && project === this.place.project)
        .map(({ name, description }) => [name.slice(prefix.length), description]),
    );
  }

  async #runningTasks(context?: OperationContext): Promise<readonly WireOperation[]> {
    const { running = [] } = await this.client.read(getOperations(), operationsSchema, context);
    return running.filter(
      (operation) => operation.class === 'task' && resourceNames(operation, 'instances').includes(this.place.name),
    );
  }
}

/** @throws CheckpointError `notFound` naming snapshot and container. */
export function requireSnapshot({ snapshots, instance }: InstanceNow, id: string): Snapshot {
  const found = snapshots.find(({ checkpoint }) => checkpoint.id === id);
  if (found === undefined) {
    throw new CheckpointError('notFound', `There is no checkpoint "${id}" of the container "${instance.name}".`);
  }
  return found;
}

function requireRootVolume(instance: WireInstance): RootVolume {
  const volume = rootVolumeOf(instance);
  if (volume === undefined) {
    throw new CheckpointError('corrupt', `The container "${instance.name}" has no root disk.`);
  }
  return volume;
}

/** Incus lists a snapshot from the moment on that it begins to make it. */
function unfinishedSnapshots(running: readonly WireOperation[]): ReadonlySet<string> {
  const making = running.filter(({ description }) => description === SNAPSHOTTING);
  return new Set(making.flatMap((operation) => resourceNames(operation, 'instances_snapshots')));
}

/** The last parts of the paths of an operation's resources. */
function resourceNames({ resources }: WireOperation, kind: string): readonly string[] {
  return (resources[kind] ?? []).map((path) => decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)));
}
