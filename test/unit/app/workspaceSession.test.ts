import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openSession } from '../../../src/app/workspaceSession.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { InMemoryStore, memoryRestoreLog } from '../../support/inMemoryStore.ts';

describe('a workspace session', () => {
  it('joins its stores, tells of a change in any of them, and is silent when disposed', async () => {
    const [files, other] = [new InMemoryStore({ id: 'files' }), new InMemoryStore({ id: 'other' })];
    const session = openSession({ folder: '/folder', files, others: [other], restores: memoryRestoreLog() });
    let told = 0;
    session.onDidChange(() => {
      told += 1;
    });
    for (const store of session.stores) {
      await requireCapability(store.capabilities.create)({ origin: 'manual' });
    }
    assert.deepEqual([session.stores.map(({ info }) => info.id), told], [['files', 'other'], 2]);
    session.dispose();
    await requireCapability(files.capabilities.create)({ origin: 'manual' });
    assert.equal(told, 2);
  });
});
