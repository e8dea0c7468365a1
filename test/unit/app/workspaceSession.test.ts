import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openSession } from '../../../src/app/workspaceSession.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { InMemoryStore, memoryRestoreLog } from '../../support/inMemoryStore.ts';

function openTwo() {
  const [files, other, late] = ['files', 'other', 'late'].map((id) => new InMemoryStore({ id })) as [
    InMemoryStore,
    InMemoryStore,
    InMemoryStore,
  ];
  const found = new Emitter<void>();
  const others = {
    stores: [other] as CheckpointStore[],
    absence: undefined,
    onDidChange: found.event,
    dispose: () => other.dispose(),
  };
  const session = openSession({ folder: '/folder', files, others, restores: memoryRestoreLog() });
  const counts = { told: 0 };
  return { session, files, other, late, others, found, counts };
}

const create = (store: CheckpointStore) => requireCapability(store.capabilities.create)({ origin: 'manual' });

describe('a workspace session', () => {
  it('joins its stores, tells of a change in any of them, and is silent when disposed', async () => {
    const { session, files, counts } = openTwo();
    session.onDidChange(() => {
      counts.told += 1;
    });
    for (const store of session.stores) {
      await create(store);
    }
    assert.deepEqual([session.stores.map(({ info }) => info.id), counts.told], [['files', 'other'], 2]);
    session.dispose();
    await create(files);
    assert.equal(counts.told, 2);
  });

  it('tells of stores that come and go, and no longer of those that went', async () => {
    const { session, other, late, others, found, counts } = openTwo();
    session.onDidChange(() => {
      counts.told += 1;
    });
    others.stores.splice(0, 1, late);
    found.fire();
    assert.deepEqual([session.stores.map(({ info }) => info.id), counts.told], [['files', 'late'], 1]);
    await create(late);
    await create(other);
    assert.equal(counts.told, 2);
  });

  it('listens to no store before anybody listens to it', () => {
    const { session, others } = openTwo();
    let listeners = 0;
    const counting = Object.assign(Object.create(others.stores[0] ?? null) as CheckpointStore, {
      onDidChange: () => {
        listeners += 1;
        return { dispose: () => undefined };
      },
    });
    others.stores.splice(0, 1, counting);
    assert.equal(session.stores.length + listeners, 2);
    session.onDidChange(() => undefined);
    session.onDidChange(() => undefined);
    assert.equal(listeners, 1);
  });
});
