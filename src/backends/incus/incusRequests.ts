import { CheckpointError } from '../../core/error.ts';

/** One call of the REST API, without its project. */
export interface IncusRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Begins the sentence when it fails: "Creating the checkpoint x of c". */
  readonly what: string;
}

/** Storage of an instance's root file system. */
export interface RootVolume {
  readonly pool: string;
  readonly instance: string;
  /** `container` or `virtual-machine`. */
  readonly type: string;
}

export type StateAction = 'start' | 'stop' | 'freeze' | 'unfreeze';

const RECURSIVE = { recursion: '1' };
const READING = 'Reading from Incus';

export function getServer(): IncusRequest {
  return { method: 'GET', path: '/1.0', what: READING };
}

export function getInstances(): IncusRequest {
  return { method: 'GET', path: '/1.0/instances', query: RECURSIVE, what: READING };
}

/** With its snapshots: the list of the snapshots alone takes twenty to a hundred times as long. */
export function getInstance(instance: string): IncusRequest {
  const what = `Reading the container ${instance}`;
  return { method: 'GET', path: instancePath(instance), query: RECURSIVE, what };
}

/**
 * All volumes of a kind in a pool, snapshots among them, which is where their descriptions are. The list of one
 * instance's snapshots has them too, but takes ten times as long.
 */
export function getVolumes({ pool, type }: RootVolume): IncusRequest {
  return { method: 'GET', path: `${poolPath(pool)}/volumes/${segment(type)}`, query: RECURSIVE, what: READING };
}

export function getPool(pool: string): IncusRequest {
  return { method: 'GET', path: poolPath(pool), what: READING };
}

export function getPoolResources(pool: string): IncusRequest {
  return { method: 'GET', path: `${poolPath(pool)}/resources`, what: READING };
}

export function getOperations(): IncusRequest {
  return { method: 'GET', path: '/1.0/operations', query: RECURSIVE, what: READING };
}

export function getOperation(id: string): IncusRequest {
  return { method: 'GET', path: `/1.0/operations/${segment(id)}`, what: READING };
}

/** Answers when the operation has ended, or with an error after this many seconds while it goes on. */
export function waitForOperation(id: string, seconds: number): IncusRequest {
  const path = `/1.0/operations/${segment(id)}/wait`;
  return { method: 'GET', path, query: { timeout: String(seconds) }, what: READING };
}

export function createSnapshot(instance: string, name: string, stateful: boolean): IncusRequest {
  return {
    method: 'POST',
    path: `${instancePath(instance)}/snapshots`,
    body: { name: checked(name), stateful },
    what: `Creating the checkpoint "${name}" of ${instance}`,
  };
}

export function renameSnapshot(instance: string, name: string, newName: string): IncusRequest {
  return {
    method: 'POST',
    path: snapshotPath(instance, name),
    body: { name: checked(newName) },
    what: `Renaming the checkpoint "${name}" of ${instance}`,
  };
}

/** @param expiresAt RFC 3339; undefined for never. */
export function setSnapshotExpiry(instance: string, name: string, expiresAt: string | undefined): IncusRequest {
  return {
    method: 'PATCH',
    path: snapshotPath(instance, name),
    body: { expires_at: expiresAt ?? '0001-01-01T00:00:00Z' },
    what: `Changing the expiry of the checkpoint "${name}" of ${instance}`,
  };
}

export function deleteSnapshot(instance: string, name: string): IncusRequest {
  const what = `Deleting the checkpoint "${name}" of ${instance}`;
  return { method: 'DELETE', path: snapshotPath(instance, name), what };
}

/** Text that stays with the snapshot over rename, restore and copy. */
export function describeSnapshot(volume: RootVolume, name: string, description: string): IncusRequest {
  const { pool, type, instance } = volume;
  return {
    method: 'PATCH',
    path: `${poolPath(pool)}/volumes/${segment(type)}/${segment(instance)}/snapshots/${segment(name)}`,
    body: { description },
    what: `Writing the note of the checkpoint "${name}" of ${instance}`,
  };
}

export function restoreSnapshot(instance: string, name: string, stateful: boolean): IncusRequest {
  return {
    method: 'PUT',
    path: instancePath(instance),
    body: { restore: checked(name), stateful },
    what: `Restoring ${instance} to "${name}"`,
  };
}

/** @param seconds how long a clean stop may take before the operation fails. */
export function changeState(instance: string, action: StateAction, seconds: number, force: boolean): IncusRequest {
  return {
    method: 'PUT',
    path: `${instancePath(instance)}/state`,
    body: { action, timeout: seconds, force },
    what: `The ${action} of ${instance}`,
  };
}

/** The path of a call with its query, as it goes over the wire. */
export function requestTarget({ path, query = {} }: IncusRequest, scope: Readonly<Record<string, string>>): string {
  const all = new URLSearchParams({ ...query, ...scope }).toString();
  return all === '' ? path : `${path}?${all}`;
}

function instancePath(instance: string): string {
  return `/1.0/instances/${segment(instance)}`;
}

function snapshotPath(instance: string, name: string): string {
  return `${instancePath(instance)}/snapshots/${segment(name)}`;
}

function poolPath(pool: string): string {
  return `/1.0/storage-pools/${segment(pool)}`;
}

function segment(name: string): string {
  return encodeURIComponent(checked(name));
}

/**
 * Some names would be another path to the server: `..` among the snapshots of a container in a `dir` pool means those of
 * all containers.
 */
function checked(name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    throw new CheckpointError('usage', `"${name}" cannot be a name in Incus.`);
  }
  return name;
}
