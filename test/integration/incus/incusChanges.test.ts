import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { openIncusStore } from '../../../src/backends/incus/incusStore.ts';
import type { IncusTiming } from '../../../src/backends/incus/incusClient.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { detect, makeContainer, openStore, render, sandboxOf } from '../../support/incus/incusWorkspace.ts';
import { useIncus } from '../../support/incus/useIncus.ts';

/** Short enough to wait for in a test, and long enough for a daemon on a busy machine. */
const IMPATIENT: IncusTiming = { answer: 2500, slice: 400 };

describe('An Incus that others use, that hangs and that ends', () => {
  const daemon = useIncus();
  const open: { dispose(): void }[] = [];
  let container: string;
  let number = 0;

  async function fresh(
    options: { timing?: IncusTiming; pool?: 'bt' | 'dr'; stopped?: boolean } = {},
  ): Promise<CheckpointStore> {
    number += 1;
    container = `c${number}`;
    await makeContainer(daemon(), container, options);
    const store = await openStore(daemon(), container, options.timing === undefined ? {} : { timing: options.timing });
    open.push(store);
    return store;
  }

  /** So that a snapshot in the pool of full copies takes a second or more. */
  const makeSlowToCopy = (): Promise<string> =>
    daemon().exec(container, 'dd if=/dev/zero of=/root/big bs=1M count=500');

  const isSnapshotting = async (): Promise<boolean> => {
    const operations = await daemon().incus('query', '/1.0/operations?recursion=1');
    const { running = [] } = JSON.parse(operations || '{}') as { running?: { description: string }[] };
    return running.some(({ description }) => description === 'Snapshotting instance');
  };

  /** Resolves when the store says that something changed and `isSo` holds. */
  function until(store: CheckpointStore, isSo: () => Promise<boolean>): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        isSo().then((so) => {
          if (so) {
            listening.dispose();
            resolve();
          }
        }, reject);
      };
      const listening = store.onDidChange(check);
      check();
    });
  }
  const listIs = (store: CheckpointStore, text: string) => async (): Promise<boolean> =>
    render(await store.list()) === text;

  afterEach(() => open.splice(0).forEach((each) => each.dispose()));

  it('tells at once what the incus command does to snapshots', async () => {
    const store = await fresh({ stopped: true });
    await until(store, listIs(store, ''));
    const started = performance.now();
    await Promise.all([
      daemon().incus('snapshot', 'create', container, 'made'),
      until(store, listIs(store, 'made foreign')).then(() => {
        console.log(`      seen after ${(performance.now() - started).toFixed(0)} ms, the command's own time included`);
      }),
    ]);
    await Promise.all([
      daemon().incus('snapshot', 'rename', container, 'made', 'renamed'),
      until(store, listIs(store, 'renamed foreign')),
    ]);
    await Promise.all([daemon().incus('snapshot', 'delete', container, 'renamed'), until(store, listIs(store, ''))]);
  });

  it('tells when the container starts, stops and pauses', async () => {
    const store = await fresh({ stopped: true });
    const stateIs = (state: string) => async (): Promise<boolean> => {
      await store.list();
      return store.info.state === state;
    };
    for (const [command, state] of [
      ['start', 'running'],
      ['pause', 'frozen'],
      ['resume', 'running'],
      ['stop', 'stopped'],
    ] as const) {
      await Promise.all([daemon().incus(command, container), until(store, stateIs(state))]);
    }
  });

  it('shows a snapshot only when it is complete', async () => {
    const store = await fresh({ pool: 'dr' });
    await makeSlowToCopy();
    const creating = daemon().incus('snapshot', 'create', container, 'slow');
    await until(store, isSnapshotting);
    const during = render(await store.list());
    const busy = await requireCapability(store.capabilities.create)({ origin: 'manual' }).catch(
      (error: unknown) => error,
    );
    await creating;
    assert.equal(during, '');
    assert.ok(isCheckpointError(busy, 'busy'), String(busy));
    assert.equal(busy.message, `Incus is busy with ${container}: Snapshotting instance.`);
    assert.equal(render(await store.list()), 'slow foreign');
  });

  it('ends every wait when it hangs, says that the outcome is unknown, and is heard again when it goes on', async () => {
    const store = await fresh({ timing: IMPATIENT, stopped: true });
    daemon().freeze();
    try {
      await assert.rejects(store.list(), (error) => isCheckpointError(error, 'timedOut'));
      assert.equal(store.info.state, 'unavailable');
    } finally {
      daemon().thaw();
    }
    assert.equal(render(await store.list()), '');
    assert.equal(store.info.state, 'stopped');
  });

  it('ends the wait for an operation when it hangs in the middle', async () => {
    const store = await fresh({ timing: IMPATIENT, stopped: true });
    const { id } = (await requireCapability(store.capabilities.create)({ origin: 'manual', label: 'one' })) ?? {
      id: '',
    };
    const restoring = requireCapability(sandboxOf(store).restore).apply(
      id,
      { stop: true, deleteLater: false, safety: false, stateful: false },
      {
        onProgress: ({ message }) => {
          if (message.startsWith('Restoring')) {
            daemon().freeze();
          }
        },
      },
    );
    try {
      await assert.rejects(restoring, (error) => {
        assert.ok(isCheckpointError(error, 'timedOut'), String(error));
        assert.match(error.message, /it is not known how this ended.* cannot be asked now\.$/);
        assert.equal(error.details['outcome'], 'unknown');
        return true;
      });
    } finally {
      daemon().thaw();
    }
  });

  it('is listened to again after it was killed and started anew', async () => {
    const store = await fresh({ stopped: true });
    await until(store, listIs(store, ''));
    await daemon().kill();
    await assert.rejects(store.list(), (error) => {
      assert.ok(isCheckpointError(error, 'notInstalled'), String(error));
      assert.equal(error.message, `Incus is not running: nobody answers at ${daemon().socket}.`);
      return true;
    });
    await daemon().start();
    await Promise.all([
      daemon().incus('snapshot', 'create', container, 'after'),
      until(store, async () => (await store.list().catch(() => [])).some(({ name }) => name === 'after')),
    ]);
  });

  it('that is killed in the middle of an operation leaves no wait behind', async () => {
    const store = await fresh({ pool: 'dr' });
    await makeSlowToCopy();
    const creating = requireCapability(store.capabilities.create)({ origin: 'manual', label: 'cut' }).catch(
      (error: unknown) => error,
    );
    await until(store, isSnapshotting);
    await daemon().kill();
    const error = await creating;
    await daemon().start();
    // It was paused for the copy, and nobody will resume it.
    await daemon().incus('delete', '--force', container);
    assert.ok(isCheckpointError(error, 'commandFailed'), String(error));
    assert.equal(error.details['outcome'], 'unknown', String(error));
  });

  it('of which a container is found and lost again tells so', async () => {
    const folder = `${daemon().folder}/watched`;
    const detection = await detect(daemon(), folder);
    open.push(detection);
    assert.deepEqual(detection.containers, []);
    const changed = new Promise<void>((resolve) => open.push(detection.watch(resolve)));
    // The first event may come before the stream is open, so there are two.
    await makeContainer(daemon(), 'watched', { workspace: folder });
    await daemon().incus('config', 'set', 'watched', 'user.x=y');
    await changed;
    const again = await detect(daemon(), folder);
    open.push(again);
    assert.deepEqual(
      again.containers.map(({ name }) => name),
      ['watched'],
    );
    const [found] = again.containers;
    assert.ok(found);
    const store = openIncusStore({ client: await again.connect(found), container: found, lockFolder: daemon().folder });
    open.push(store);
    assert.equal(render(await store.list()), '');
  });
});
