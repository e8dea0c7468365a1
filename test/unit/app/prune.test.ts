import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { planPrune, prune, type PrunePlan } from '../../../src/app/prune.ts';
import { restoreCheckpoint } from '../../../src/app/restoreCheckpoint.ts';
import { undoLastRestore } from '../../../src/app/undo.ts';
import { openSession, type WorkspaceSession } from '../../../src/app/workspaceSession.ts';
import { available, unavailable } from '../../../src/core/capabilities.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { DEFAULT_RETENTION, type RetentionRules } from '../../../src/core/retention.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { NO_OTHER_STORES } from '../../../src/core/storeSource.ts';
import { memoryRestoreLog } from '../../support/inMemoryStore.ts';
import { openMemorySession } from '../../support/memorySession.ts';

const NOTHING: RetentionRules = { ...DEFAULT_RETENTION, newest: 0, all: 0, hourly: 0, daily: 0, weekly: 0, safety: 0 };
const MUCH_LATER = new Date(Date.UTC(2035, 0, 1));

function planNothingKept(session: WorkspaceSession): Promise<PrunePlan> {
  return planPrune(session, NOTHING, MUCH_LATER);
}

function labelsOf(plan: PrunePlan): string {
  const removed = plan.removed.map(({ checkpoint, reason }) => `${checkpoint.label} (${reason})`);
  return `${removed.join(', ')} / kept ${plan.kept.map(({ label }) => label).join(', ')}`;
}

/** A store that holds exactly these checkpoints and can do nothing but delete. */
function listOnly(id: string, checkpoints: readonly Checkpoint[], canDelete = true): CheckpointStore {
  const { store } = openMemorySession({ id });
  const none = unavailable('It only has a list.');
  const { capabilities } = store;
  return {
    info: store.info,
    onDidChange: store.onDidChange,
    list: async () => checkpoints,
    dispose: () => store.dispose(),
    capabilities: { ...capabilities, restoreFiles: none, delete: canDelete ? capabilities.delete : none },
  };
}

describe('Pruning', () => {
  it('deletes what the plan names and nothing else', async () => {
    const memory = openMemorySession();
    const { session, workspace } = memory;
    for (const [index, origin] of (['auto', 'manual', 'agent', 'auto'] as const).entries()) {
      workspace.write({ 'a.txt': `${index}` });
      await memory.create(`${origin} ${index}`, origin);
    }
    const plan = await planNothingKept(session);
    assert.deepEqual(await memory.labels(), ['auto 3', 'agent 2', 'manual 1', 'auto 0']);
    assert.equal(labelsOf(plan), 'agent 2 (age), auto 0 (age) / kept auto 3, manual 1');
    await prune(session, plan);
    assert.deepEqual(await memory.labels(), ['auto 3', 'manual 1']);
  });

  it('keeps what undo and redo go back to', async () => {
    const memory = openMemorySession();
    const { session, store, workspace, questions } = memory;
    workspace.write({ 'a.txt': 'one' });
    const target = { checkpoint: await memory.create('target', 'auto'), store };
    workspace.write({ 'a.txt': 'two' });
    await restoreCheckpoint(session, { ...target, store: session.files }, [], questions);
    workspace.write({ 'a.txt': 'three' });
    await undoLastRestore(session, questions);
    await memory.create('newest', 'auto');
    assert.equal(
      labelsOf(await planNothingKept(session)),
      'target (age) / kept newest, Before undo, Before restore to “target”',
    );
  });

  it('keeps what an interrupted restore needs to be ended', async () => {
    const memory = openMemorySession();
    const { session, store, workspace, questions } = memory;
    workspace.write({ 'a.txt': 'one', 'b.txt': 'one' });
    const checkpoint = await memory.create('target', 'auto');
    workspace.write({ 'a.txt': 'two', 'b.txt': 'two' });
    store.restorer.crashAfter = 1;
    await assert.rejects(restoreCheckpoint(session, { checkpoint, store: session.files }, [], questions));
    await memory.create('newest', 'auto');
    assert.equal(labelsOf(await planNothingKept(session)), ' / kept newest, Before restore to “target”, target');
  });

  it('keeps a paired checkpoint whole, and leaves stores alone that cannot delete', async () => {
    const memory = openMemorySession();
    const { workspace } = memory;
    const made: Checkpoint[] = [];
    for (const label of ['a', 'b', 'c']) {
      workspace.write({ 'a.txt': label });
      made.unshift(await memory.create(label, 'auto'));
    }
    const [c, b, a] = made as [Checkpoint, Checkpoint, Checkpoint];
    const one = listOnly('one', [c, { ...b, pairId: 'p' }, { ...a, pairId: 'q' }]);
    const two = listOnly('two', [
      { ...c, store: 'two', label: 'c2' },
      { ...b, store: 'two', label: 'b2', pairId: 'p', pinned: true },
      { ...a, store: 'two', label: 'a2', pairId: 'q' },
    ]);
    const fixed = listOnly('fixed', [{ ...a, store: 'fixed', label: 'fixed' }], false);
    const session = openSession({
      folder: '/f',
      files: one,
      others: { ...NO_OTHER_STORES, stores: [two, fixed] },
      restores: memoryRestoreLog(),
    });
    assert.equal(labelsOf(await planNothingKept(session)), 'a (age), a2 (age) / kept c, c2, b, b2');
  });

  it('asks each store what its checkpoints cost', async () => {
    const memory = openMemorySession();
    const { session, workspace } = memory;
    for (const label of ['a', 'b', 'c']) {
      workspace.write({ 'a.txt': label });
      await memory.create(label, 'auto');
    }
    const { files } = session;
    const parts = (await files.list()).map(({ id }) => ({ bytes: 10, holders: [id] }));
    const maintain = available({
      examine: async () => ({ findings: [] }),
      repair: async () => ({ findings: [] }),
      diskUse: async () => ({ bytes: 30, parts }),
    });
    const measured = { ...files, capabilities: { ...files.capabilities, maintain } };
    const plan = await planPrune(
      { ...session, files: measured, stores: [measured] },
      { ...DEFAULT_RETENTION, maxBytes: 25 },
      new Date(Date.UTC(2025, 0, 1)),
    );
    assert.equal(labelsOf(plan), 'a (bytes) / kept c, b');
  });
});
