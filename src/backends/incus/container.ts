import type { StoreState } from '../../core/backend.ts';
import type { RootVolume } from './incusRequests.ts';
import type { WireInstance } from './incusWire.ts';

/** What an instance's keys, devices and name tell, by the conventions of Incus, Clincus and COI. */

const STATES: Readonly<Record<string, StoreState>> = { Running: 'running', Stopped: 'stopped', Frozen: 'frozen' };

export function stateOf({ status }: Pick<WireInstance, 'status'>): StoreState {
  return STATES[status] ?? 'unavailable';
}

/** Undefined for an instance whose disk comes from nowhere, which no working one has. */
export function rootVolumeOf(instance: WireInstance): RootVolume | undefined {
  const root = Object.values(instance.expanded_devices).find(({ type, path }) => type === 'disk' && path === '/');
  const pool = root?.['pool'];
  return pool === undefined ? undefined : { pool, instance: instance.name, type: instance.type };
}

/** A folder of the host that is seen in the container. */
export interface HostMount {
  readonly device: string;
  readonly source: string;
  readonly path: string;
}

export function hostMounts(devices: WireInstance['devices']): readonly HostMount[] {
  return Object.entries(devices).flatMap(([device, { type, source, path, pool }]) =>
    type === 'disk' && pool === undefined && source?.startsWith('/') === true
      ? [{ device, source, path: path ?? '' }]
      : [],
  );
}

export interface Tool {
  readonly label: 'Clincus' | 'COI' | 'Incus';
  /** The command with which a person stops a container. */
  stopCommand(container: string): string;
}

const CLINCUS: Tool = { label: 'Clincus', stopCommand: (container) => `clincus container stop ${container}` };
const COI: Tool = { label: 'COI', stopCommand: (container) => `coi container stop ${container}` };
const INCUS: Tool = { label: 'Incus', stopCommand: (container) => `incus stop ${container}` };

export function toolOf({ name, config }: Pick<WireInstance, 'name' | 'config'>): Tool {
  if (config['user.clincus.managed'] !== undefined || config['user.clincus.workspace'] !== undefined) {
    return CLINCUS;
  }
  if (config['user.coi.alias'] !== undefined) {
    return COI;
  }
  return [CLINCUS, COI].find((tool) => name.startsWith(`${tool.label.toLowerCase()}-`)) ?? INCUS;
}

/** Only Clincus leaves this on the container. Undefined where nothing tells. */
export function isPersistent({ config }: Pick<WireInstance, 'config'>): boolean | undefined {
  const label = config['user.clincus.persistent'];
  return label === undefined ? undefined : label === 'true';
}

/** Why a checkpoint of it cannot hold memory; undefined when it can. */
export function whyNotStateful(instance: WireInstance): string | undefined {
  if (instance.expanded_config['migration.stateful'] !== 'true') {
    return `The container "${instance.name}" is not set up for it (migration.stateful is not true).`;
  }
  return stateOf(instance) === 'running' ? undefined : `The container "${instance.name}" is not running.`;
}
