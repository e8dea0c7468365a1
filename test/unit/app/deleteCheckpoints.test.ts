import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compactCheckpoints } from '../../../src/app/compactCheckpoints.ts';
import { deleteCheckpoints, planDeleteAll } from '../../../src/app/deleteCheckpoints.ts';
import { requireCapability, unavailable } from '../../../src/core/capabilities.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { InMemoryStore } from '../../support/inMemoryStore.ts';

async function storeWith(id: string, ...labels: readonly string[]): Promise<InMemoryStore> {
  const store = new InMemoryStore({ id });
  for (const label of labels) {
    store.workspace.write({ file: label });
    await requireCapability(store.capabilities.create)({ origin: 'manual', label });
  }
  return store;
}

const labels = async (store: CheckpointStore) => (await store.list()).map(({ label }) => label);

async function pin(store: InMemoryStore, label: string): Promise<void> {
  const checkpoint = (await store.list()).find((each) => each.label === label);
  await requireCapability(store.capabilities.annotate)(checkpoint?.id ?? '', { pinned: true });
}

/** The store without the ability to delete or compact. */
function unable(store: InMemoryStore): CheckpointStore {
  const reason = unavailable('It only shows.');
  return {
    info: store.info,
    onDidChange: store.onDidChange,
    list: () => store.list(),
    dispose: () => store.dispose(),
    capabilities: { ...store.capabilities, delete: reason, compact: reason },
  };
}

describe('deleting', () => {
  it('removes exactly the named ones, of several stores', async () => {
    const stores = [await storeWith('a', 'a1', 'a2'), await storeWith('b', 'b1', 'b2')];
    const all = await Promise.all(stores.map((store) => store.list()));
    await deleteCheckpoints(stores, [all[0]![0]!, all[1]![1]!]);
    assert.deepEqual(await Promise.all(stores.map(labels)), [['a1'], ['b2']]);
  });

  it('removes a pinned one that is named', async () => {
    const store = await storeWith('a', 'a1');
    await pin(store, 'a1');
    await deleteCheckpoints([store], await store.list());
    assert.deepEqual(await labels(store), []);
  });

  it('of all keeps the pinned ones and those of stores that cannot delete', async () => {
    const [store, other] = [await storeWith('a', 'a1', 'a2', 'a3'), await storeWith('b', 'b1')];
    await pin(store, 'a2');
    const plan = await planDeleteAll([store, unable(other)]);
    const shown = [plan.deleted, plan.kept].map((list) => list.map(({ label }) => label));
    assert.deepEqual(shown, [['a3', 'a1'], ['a2']]);
  });

  it('of all is nothing when there are none', async () => {
    assert.deepEqual(await planDeleteAll([new InMemoryStore()]), { deleted: [], kept: [] });
  });

  it('deletes nothing when one of the stores cannot', async () => {
    const [store, other] = [await storeWith('a', 'a1'), await storeWith('b', 'b1')];
    const chosen = [...(await store.list()), ...(await other.list())];
    await assert.rejects(deleteCheckpoints([store, unable(other)], chosen), { reason: 'unsupported' });
    assert.deepEqual(await labels(store), ['a1']);
  });
});

describe('compacting', () => {
  it('makes one of several, with the newest state', async () => {
    const store = await storeWith('a', 'a1', 'a2', 'a3');
    const [, second, first] = await store.list();
    const result = await compactCheckpoints([store], [first!, second!], 'merged');
    assert.deepEqual(await labels(store), ['a3', 'merged']);
    const bytes = await requireCapability(store.capabilities.files).read(result.id, 'file');
    assert.equal(Buffer.from(bytes).toString(), 'a2');
  });

  it('takes at least two different ones', async () => {
    const store = await storeWith('a', 'a1', 'a2');
    const [newest] = await store.list();
    for (const chosen of [[], [newest!], [newest!, newest!]]) {
      await assert.rejects(compactCheckpoints([store], chosen, undefined), { reason: 'usage' });
    }
    assert.deepEqual(await labels(store), ['a2', 'a1']);
  });

  it('takes only those of one store', async () => {
    const stores = [await storeWith('a', 'a1'), await storeWith('b', 'b1', 'b2')];
    const all = (await Promise.all(stores.map((store) => store.list()))).flat();
    await assert.rejects(compactCheckpoints(stores, all.slice(0, 2), undefined), { reason: 'usage' });
  });

  it('says why when the store cannot', async () => {
    const store = unable(await storeWith('a', 'a1', 'a2'));
    await assert.rejects(compactCheckpoints([store], await store.list(), undefined), {
      reason: 'unsupported',
      message: 'It only shows.',
    });
  });
});
