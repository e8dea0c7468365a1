import { setImmediate } from 'node:timers/promises';
import { createIncusClient, type IncusClient } from '../../../src/backends/incus/incusClient.ts';
import { incusFailure } from '../../../src/backends/incus/incusErrors.ts';
import { InstanceAccess } from '../../../src/backends/incus/instanceAccess.ts';
import type { IncusRequest } from '../../../src/backends/incus/incusRequests.ts';
import type { IncusTransport } from '../../../src/backends/incus/incusTransport.ts';
import type { WireInstance, WireSnapshot } from '../../../src/backends/incus/incusWire.ts';
import { CheckpointError } from '../../../src/core/error.ts';

export interface FakeOptions {
  readonly status?: string;
  readonly driver?: string;
  readonly usedBytes?: number;
  readonly instance?: Partial<WireInstance>;
  /** Oldest first. */
  readonly snapshots?: readonly string[];
  /** What Incus says instead of doing it, for calls whose line contains the key. */
  readonly failures?: Readonly<Record<string, string>>;
  /** The connection breaks at a call whose line contains this. */
  readonly lost?: string;
}

const TOTAL_BYTES = 1024 ** 3;

export function wireSnapshot(name: string, more: Partial<WireSnapshot> = {}): WireSnapshot {
  const parts = { config: {}, devices: {}, expanded_devices: {}, stateful: false };
  return { name, created_at: `2026-01-01T00:00:00.${String(name.length)}Z`, ...parts, ...more };
}

export function wireInstance(more: Partial<WireInstance> = {}): WireInstance {
  return {
    name: 'c1',
    project: 'default',
    status: 'Stopped',
    type: 'container',
    ephemeral: false,
    location: 'none',
    config: { 'volatile.uuid': 'u-1' },
    devices: {},
    expanded_config: {},
    expanded_devices: { root: { type: 'disk', path: '/', pool: 'p' } },
    snapshots: [],
    ...more,
  };
}

/** One container in memory that behaves as Incus does, for what a real one cannot be made to do in a test. */
export class FakeIncus implements IncusTransport {
  readonly place = 'memory';
  /** What was changed, as lines. */
  readonly changes: string[] = [];
  readonly #options: FakeOptions;
  #instance: WireInstance;
  #operations = 0;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
    const snapshots = (options.snapshots ?? []).map((name, index) =>
      wireSnapshot(name, { created_at: `2026-01-01T00:00:0${index}Z` }),
    );
    this.#instance = wireInstance({ status: options.status ?? 'Stopped', snapshots, ...options.instance });
  }

  client(): IncusClient {
    return createIncusClient(this, { project: 'default' });
  }

  access(lockFile: string): InstanceAccess {
    return new InstanceAccess(this.client(), {
      store: 's',
      name: 'c1',
      project: 'default',
      volume: undefined,
      lockFile,
    });
  }

  async call(request: IncusRequest): Promise<unknown> {
    await setImmediate();
    return request.method === 'GET' ? this.#read(request.path) : this.#change(request);
  }

  async listen(): Promise<{ dispose(): void }> {
    return { dispose: () => undefined };
  }

  dispose(): void {
    this.changes.push('disposed');
  }

  #read(path: string): unknown {
    const answers: Readonly<Record<string, () => unknown>> = {
      '/1.0/instances/c1': () => this.#instance,
      '/1.0/operations': () => ({}),
      '/1.0/storage-pools/p': () => ({ driver: this.#options.driver ?? 'btrfs', config: {} }),
      '/1.0/storage-pools/p/resources': () => ({
        space: { used: this.#options.usedBytes ?? 0, total: TOTAL_BYTES },
      }),
      '/1.0/storage-pools/p/volumes/container': () => [],
    };
    return (answers[path] ?? (() => ({ id: 'done', status_code: 200 })))();
  }

  #change({ method, path, body, what }: IncusRequest): unknown {
    const line = [
      method,
      path.replace('/1.0/instances/', ''),
      ...(body === undefined ? [] : [JSON.stringify(body)]),
    ].join(' ');
    this.changes.push(line);
    if (this.#options.lost !== undefined && line.includes(this.#options.lost)) {
      throw new CheckpointError('commandFailed', 'The connection broke off.');
    }
    const failure = Object.entries(this.#options.failures ?? {}).find(([part]) => line.includes(part));
    if (failure !== undefined) {
      throw incusFailure(what, failure[1]);
    }
    this.#apply(path, (body ?? {}) as Record<string, unknown>, method);
    this.#operations += 1;
    return { id: `o${this.#operations}`, status_code: 103 };
  }

  #apply(path: string, body: Record<string, unknown>, method: string): void {
    const { snapshots } = this.#instance;
    if (path.endsWith('/state')) {
      const states: Record<string, string> = {
        start: 'Running',
        stop: 'Stopped',
        freeze: 'Frozen',
        unfreeze: 'Running',
      };
      this.#instance = { ...this.#instance, status: states[String(body['action'])] ?? '' };
    } else if (method === 'DELETE') {
      const gone = path.slice(path.lastIndexOf('/') + 1);
      this.#instance = { ...this.#instance, snapshots: snapshots.filter(({ name }) => name !== gone) };
    } else if (path.endsWith('/snapshots')) {
      const made = wireSnapshot(String(body['name']), { created_at: '2026-02-01T00:00:00Z' });
      this.#instance = { ...this.#instance, snapshots: [...snapshots, made] };
    }
  }
}
