import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findCheckpoint, storeOf } from '../../../src/app/findCheckpoint.ts';
import { requireCapability, unavailable } from '../../../src/core/capabilities.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { InMemoryStore } from '../../support/inMemoryStore.ts';
import { openMemorySession } from '../../support/memorySession.ts';

describe('naming a checkpoint', () => {
  /** Ids 1000, 2000 and 3000, the second with the name "1". */
  async function threeCheckpoints() {
    const opened = openMemorySession();
    for (const label of ['first', '1', 'third one']) {
      await opened.create(label);
    }
    return opened.session.stores;
  }

  it('works by id, by beginning of an id, by name and by @latest', async () => {
    const stores = await threeCheckpoints();
    const found = await Promise.all(
      ['1000', '30', 'third-one', '@latest'].map(async (text) => (await findCheckpoint(stores, text)).checkpoint.label),
    );
    assert.deepEqual(found, ['first', 'third one', 'third one', 'third one']);
  });

  it('prefers a name to the beginning of an id', async () => {
    assert.equal((await findCheckpoint(await threeCheckpoints(), '1')).checkpoint.id, '2000');
  });

  it('takes neither an empty text nor a part of a name', async () => {
    const stores = await threeCheckpoints();
    for (const text of ['', 'fir', 'third one ']) {
      await assert.rejects(findCheckpoint(stores, text), { reason: 'notFound' });
    }
  });

  it('refuses a text that names several, with their ids', async () => {
    const stores = ['a', 'b'].map((id) => new InMemoryStore({ id }));
    for (const store of stores) {
      assert.ok(store.capabilities.create.available);
      await store.capabilities.create.use({ origin: 'manual', label: 'same' });
    }
    await assert.rejects(findCheckpoint(stores, 'same'), {
      reason: 'ambiguous',
      details: { text: 'same', ids: ['1000', '1000'] },
    });
  });

  it('takes one of a store that can do what is needed, where there is one', async () => {
    const [files, sandbox] = ['files', 'sandbox'].map((id) => new InMemoryStore({ id })) as [
      InMemoryStore,
      InMemoryStore,
    ];
    const blind = { ...sandbox.capabilities, files: unavailable('It cannot look inside.') };
    const unable = { info: sandbox.info, capabilities: blind, list: () => sandbox.list() } as CheckpointStore;
    await requireCapability(files.capabilities.create)({ origin: 'manual', label: 'both' });
    for (const label of ['both', 'only']) {
      await requireCapability(unable.capabilities.create)({ origin: 'manual', label });
    }
    const stores = [files, unable];
    const storeFor = async (text: string, needed?: 'files') =>
      (await findCheckpoint(stores, text, needed)).store.info.id;
    assert.deepEqual(
      [await storeFor('@latest'), await storeFor('@latest', 'files'), await storeFor('both', 'files')],
      ['sandbox', 'files', 'files'],
    );
    assert.equal(await storeFor('only', 'files'), 'sandbox');
    await assert.rejects(storeFor('both'), { reason: 'ambiguous' });
  });

  it('says whether there is none at all or none of that name', async () => {
    await assert.rejects(findCheckpoint([new InMemoryStore()], '@latest'), {
      reason: 'notFound',
      message: 'This folder has no checkpoints yet.',
    });
    await assert.rejects(findCheckpoint(await threeCheckpoints(), 'nope'), {
      reason: 'notFound',
      message: 'There is no checkpoint "nope".',
    });
  });

  it('finds the store that holds a checkpoint, or says that there is none', async () => {
    const stores = await threeCheckpoints();
    const { checkpoint } = await findCheckpoint(stores, '@latest');
    assert.equal(storeOf(stores, checkpoint), stores[0]);
    assert.throws(() => storeOf([], checkpoint), { reason: 'notFound' });
  });
});
