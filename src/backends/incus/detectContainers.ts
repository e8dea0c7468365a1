import { resolve } from 'node:path';
import type { StoreState } from '../../core/backend.ts';
import { hostMounts, rootVolumeOf, stateOf } from './container.ts';
import { containerFromEnvironment, slotOf } from './containerNames.ts';
import type { RootVolume } from './incusRequests.ts';
import type { WireInstance } from './incusWire.ts';
import { instanceIdentity } from './snapshotCheckpoint.ts';

/** A container that belongs to a workspace folder. */
export interface DetectedContainer {
  /** Id of its store. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  /** Stays over renames and restores. */
  readonly identity: string;
  readonly state: StoreState;
  /** One sentence. */
  readonly why: string;
  readonly volume: RootVolume | undefined;
}

export interface FolderQuestion {
  /** As it was opened, and with symlinks resolved. */
  readonly folders: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The name that the person chose. */
  readonly chosen?: string | undefined;
}

/** Copies that we make to look into a snapshot carry this key, and are nobody's sandbox. */
export const TEMPORARY_KEY = 'user.checkpoint.temp';

/** What was found; `missing` is a name that somebody gave but nothing has. */
export interface Detection {
  readonly found: readonly DetectedContainer[];
  readonly missing?: string;
}

/**
 * The containers of a folder among all: the one that the person or else the environment names, else those that say by
 * label, mounted folder or name that they are.
 */
export function detectContainers(instances: readonly WireInstance[], question: FolderQuestion): Detection {
  const own = instances.filter(({ config }) => config[TEMPORARY_KEY] === undefined);
  const named = namedContainer(question);
  if (named !== undefined) {
    const found = own.filter(({ name }) => name === named.name);
    return found.length === 0
      ? { found: [], missing: named.name }
      : { found: found.map((each) => detected(each, named.why)) };
  }
  const folders = question.folders.map((folder) => resolve(folder));
  const found = own.flatMap((instance) => {
    const why = belongs(instance, folders, question.env);
    return why === undefined ? [] : [detected(instance, why)];
  });
  return { found: found.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

function namedContainer({ chosen, env }: FolderQuestion): { name: string; why: string } | undefined {
  if (chosen) {
    return { name: chosen, why: 'It was chosen in the settings.' };
  }
  const fromEnvironment = containerFromEnvironment(env);
  return (
    fromEnvironment && { name: fromEnvironment.name, why: `It is named by the variable ${fromEnvironment.variable}.` }
  );
}

/** A container that says by label or mount that it is of another folder is, whatever its name says. */
function belongs(instance: WireInstance, folders: readonly string[], env: FolderQuestion['env']): string | undefined {
  const label = instance.expanded_config['user.clincus.workspace'];
  if (label !== undefined && folders.includes(resolve(label))) {
    return 'Its label names this folder as its workspace.';
  }
  const mounts = hostMounts(instance.expanded_devices);
  const mount = mounts.find(({ source }) => folders.includes(resolve(source)));
  if (mount !== undefined) {
    return `This folder is mounted in it at ${mount.path}.`;
  }
  const elsewhere = label !== undefined || mounts.some(({ device }) => device === 'workspace');
  const slot = elsewhere ? undefined : slotOf(instance.name, folders, env);
  return slot === undefined ? undefined : `Its name is made from the path of this folder (slot ${slot}).`;
}

function detected(instance: WireInstance, why: string): DetectedContainer {
  const { name, project } = instance;
  return {
    id: project === 'default' ? `incus:${name}` : `incus:${project}/${name}`,
    name,
    project,
    identity: instanceIdentity(instance),
    state: stateOf(instance),
    why,
    volume: rootVolumeOf(instance),
  };
}
