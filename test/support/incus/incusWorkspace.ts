import { promises as fs } from 'node:fs';
import { detectIncus, type DetectIncusOptions, type IncusDetection } from '../../../src/backends/incus/detectIncus.ts';
import { openIncusStore } from '../../../src/backends/incus/incusStore.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import type { Sandbox } from '../../../src/core/sandbox.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createProcessRunner } from '../../../src/platform/processRunner.ts';
import type { IncusDaemon } from './incusDaemon.ts';

export interface ContainerOptions {
  /** Folder that is mounted at /workspace; none unless given. */
  readonly workspace?: string;
  readonly pool?: 'bt' | 'dr';
  readonly config?: Readonly<Record<string, string>>;
  readonly stopped?: boolean;
}

/** A container as Clincus makes it, running unless told otherwise. */
export async function makeContainer(daemon: IncusDaemon, name: string, options: ContainerOptions = {}): Promise<void> {
  const config = Object.entries(options.config ?? {}).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  await daemon.incus('create', '-q', 'bb', name, '-s', options.pool ?? 'bt', ...config);
  if (options.workspace !== undefined) {
    await fs.mkdir(options.workspace, { recursive: true });
    const device = [`source=${options.workspace}`, 'path=/workspace', 'shift=true'];
    await daemon.incus('config', 'device', 'add', name, 'workspace', 'disk', ...device);
  }
  if (options.stopped !== true) {
    await daemon.incus('start', name);
  }
}

/** Looks for the containers of a folder as the product does, only at this daemon. */
export function detect(
  daemon: IncusDaemon,
  folder: string,
  options: Partial<DetectIncusOptions> = {},
): Promise<IncusDetection> {
  return detectIncus({
    folders: [folder],
    runner: createProcessRunner(),
    ...options,
    env: { INCUS_SOCKET: daemon.socket, ...options.env },
  });
}

/** The store of a container, whatever folder it belongs to. */
export async function openStore(
  daemon: IncusDaemon,
  name: string,
  options: Partial<DetectIncusOptions> = {},
  clock = systemClock,
): Promise<CheckpointStore> {
  const detection = await detect(daemon, '/nowhere', { ...options, chosen: name });
  try {
    const [container] = detection.containers;
    if (container === undefined) {
      throw new Error(detection.problem?.message);
    }
    const client = await detection.connect(container);
    return openIncusStore({ client, container, lockFolder: `${daemon.folder}/locks`, clock });
  } finally {
    detection.dispose();
  }
}

export function sandboxOf(store: CheckpointStore): Sandbox {
  return requireCapability(store.capabilities.sandbox);
}

/**
 * Lists the one snapshot of a container under `count` more names, `s1` and so on, each a second younger than the one before. They
 * exist in the daemon's database only: making so many takes a minute, and reading a list does not look further.
 */
export async function multiplySnapshots(daemon: IncusDaemon, container: string, count: number): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  const time = `strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+' || i || ' seconds')`;
  const instance = `(SELECT id FROM instances WHERE name = '${container}')`;
  const volume = `(SELECT id FROM storage_volumes WHERE name = '${container}')`;
  const statements = [
    `${numbers} INSERT INTO instances_snapshots (id, instance_id, name, creation_date, description, expiry_date)
       SELECT 100000 + i, ${instance}, 's' || i, ${time}, '', '0001-01-01T00:00:00Z' FROM n`,
    `INSERT INTO instances_snapshots_config (instance_snapshot_id, key, value)
       SELECT copy.id, key, value FROM instances_snapshots AS copy, instances_snapshots_config AS config
       WHERE copy.id > 100000 AND config.instance_snapshot_id =
         (SELECT id FROM instances_snapshots WHERE instance_id = ${instance} AND id <= 100000)`,
    `${numbers} INSERT INTO storage_volumes_snapshots (id, storage_volume_id, name, description, creation_date)
       SELECT 100000 + i, ${volume}, 's' || i, 'note ' || i, ${time} FROM n`,
  ];
  for (const statement of statements) {
    await daemon.incus('admin', 'sql', 'global', statement);
  }
}

/** Checkpoints as lines, newest first: `name "label" origin`, and what else is special. */
export function render(checkpoints: readonly Checkpoint[]): string {
  return checkpoints
    .map(({ name, label, note, origin, stateful, pinned, scope }) =>
      [
        name,
        ...(label === name ? [] : [JSON.stringify(label)]),
        origin,
        ...(note === '' ? [] : [`note ${JSON.stringify(note)}`]),
        ...(stateful ? ['stateful'] : []),
        ...(pinned ? ['pinned'] : []),
        ...(scope.join() === 'sandbox' ? [] : [scope.join('+')]),
      ].join(' '),
    )
    .join('\n');
}
