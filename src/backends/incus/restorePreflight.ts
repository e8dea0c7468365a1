import type { StoreState } from '../../core/backend.ts';
import type { SandboxDrift, SandboxFinding, SandboxFindingCode, SandboxRestorePlan } from '../../core/sandbox.ts';
import { hostMounts, isPersistent, stateOf, toolOf } from './container.ts';
import type { WireInstance, WireSnapshot } from './incusWire.ts';
import type { Snapshot } from './snapshotCheckpoint.ts';

/** What is known before a restore, all of it read without changing anything. */
export interface RestoreFacts {
  readonly instance: WireInstance;
  /** Newest first. */
  readonly snapshots: readonly Snapshot[];
  readonly target: Snapshot;
  readonly pool: PoolFacts;
  readonly busyWith: string | undefined;
  /** Folders of this host that the target mounts but that are not there. */
  readonly missingSources: readonly string[];
}

export interface PoolFacts {
  readonly name: string;
  readonly driver: string;
  readonly config: Readonly<Record<string, string>>;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

const MEBIBYTE = 1024 * 1024;
/**
 * Below this a restore fails half-way, with the disk old and the container not startable. A pool may be full before: btrfs
 * counts room that only its own tables can use. The restore itself finds that out before it stops anything.
 */
const FULL_BYTES = 16 * MEBIBYTE;
const NEARLY_FULL_SHARE = 0.05;

/** What a restore would do, and what stands in its way. */
export function planSandboxRestore(facts: RestoreFacts): SandboxRestorePlan {
  const later = laterInTheWay(facts);
  return {
    target: facts.target.checkpoint.id,
    sandbox: facts.instance.name,
    state: stateOf(facts.instance),
    drift: driftOf(facts.instance, facts.target.wire),
    later: later.map(({ checkpoint }) => checkpoint.id),
    findings: [
      ...workspaceFindings(facts),
      ...stateFindings(facts),
      ...storageFindings(facts),
      ...laterFindings(facts, later),
    ],
  };
}

function finding(
  severity: SandboxFinding['severity'],
  code: SandboxFindingCode,
  message: string,
): readonly SandboxFinding[] {
  return [{ severity, code, message }];
}

function workspaceFindings({ instance, missingSources }: RestoreFacts): readonly SandboxFinding[] {
  const folders = hostMounts(instance.expanded_devices).map(({ source }) => source);
  const held =
    folders.length === 0
      ? []
      : finding(
          'info',
          'workspaceNotHeld',
          `Files in ${folders.join(', ')} are not part of this and stay as they are.`,
        );
  const missing = missingSources.map((source): SandboxFinding => {
    const message = `The folder ${source}, which this checkpoint mounts, does not exist: the container could not be started.`;
    return { severity: 'blocker', code: 'sourceMissing', message };
  });
  return [...held, ...missing];
}

function stateFindings({ instance, busyWith }: RestoreFacts): readonly SandboxFinding[] {
  const { name } = instance;
  const state = stateOf(instance);
  return [
    ...(state === 'stopped' ? [] : finding('consent', 'notStopped', runningMessage(instance))),
    ...(state !== 'stopped' && instance.ephemeral
      ? finding('blocker', 'ephemeral', `Incus deletes "${name}" with all its checkpoints when it stops (ephemeral).`)
      : []),
    ...(isPersistent(instance) === false
      ? finding(
          'warning',
          'notPersistent',
          `${toolOf(instance).label} may delete "${name}" while it is stopped, as it is not persistent.`,
        )
      : []),
    ...(busyWith === undefined ? [] : finding('blocker', 'busy', `Incus is busy with "${name}": ${busyWith}.`)),
  ];
}

/** Names the container, its state and how to stop it. */
function runningMessage(instance: WireInstance): string {
  const states: Partial<Record<StoreState, string>> = { running: 'is running', frozen: 'is paused' };
  const how = toolOf(instance).stopCommand(instance.name);
  const state = states[stateOf(instance)] ?? `is in the state "${instance.status}"`;
  return `The container "${instance.name}" ${state}. It must be stopped first (${how}).`;
}

function storageFindings({ pool }: RestoreFacts): readonly SandboxFinding[] {
  const free = pool.totalBytes - pool.usedBytes;
  const room = `The storage pool "${pool.name}" has ${Math.max(0, Math.floor(free / MEBIBYTE))} MiB left`;
  const slow =
    pool.driver === 'dir'
      ? finding(
          'warning',
          'slowStorage',
          `The storage pool "${pool.name}" keeps full copies: this takes long, and a restore that breaks off leaves a mix.`,
        )
      : [];
  if (free < FULL_BYTES) {
    return [...slow, ...finding('blocker', 'poolFull', `${room}; a restore would fail half-way.`)];
  }
  return free < pool.totalBytes * NEARLY_FULL_SHARE
    ? [...slow, ...finding('warning', 'poolNearlyFull', `${room}.`)]
    : slow;
}

/** ZFS, and instances with a dependent volume, go back only to the newest snapshot. */
function laterInTheWay({ target, snapshots, pool }: RestoreFacts): readonly Snapshot[] {
  const zfs = pool.driver === 'zfs' && pool.config['volume.zfs.remove_snapshots'] !== 'true';
  const dependent = target.checkpoint.scope.includes('workspace');
  return zfs || dependent ? snapshots.slice(0, snapshots.indexOf(target)) : [];
}

function laterFindings(facts: RestoreFacts, later: readonly Snapshot[]): readonly SandboxFinding[] {
  if (later.length === 0) {
    return [];
  }
  const names = later.map(({ checkpoint }) => `"${checkpoint.label}"`).join(', ');
  return [
    ...finding(
      'consent',
      'laterCheckpoints',
      `The storage can only go back when later checkpoints are deleted: ${names}.`,
    ),
    ...finding('warning', 'noSafetyCheckpoint', `The present state of "${facts.instance.name}" cannot be kept here.`),
  ];
}

/** Keys that Incus writes itself, or that only tell where the image came from. */
const OWN_KEYS = /^(?:volatile|image)\./;

/** The instance's own settings and devices; a restore brings back those of the snapshot. */
function driftOf(
  now: Pick<WireInstance, 'config' | 'devices'>,
  then: Pick<WireSnapshot, 'config' | 'devices'>,
): readonly SandboxDrift[] {
  return [
    ...compare('config', now.config, then.config),
    ...compare('device', render(now.devices), render(then.devices)),
  ];
}

function compare(
  kind: SandboxDrift['kind'],
  now: Readonly<Record<string, string>>,
  then: Readonly<Record<string, string>>,
): readonly SandboxDrift[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(then)])].toSorted();
  return names
    .filter((name) => !OWN_KEYS.test(name) && now[name] !== then[name])
    .map((name) => ({
      kind,
      name,
      ...(now[name] === undefined ? {} : { now: now[name] }),
      ...(then[name] === undefined ? {} : { target: then[name] }),
    }));
}

function render(devices: WireInstance['devices']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(devices).map(([name, keys]) => [
      name,
      Object.entries(keys)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
    ]),
  );
}
