import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { listTimeline, mergeNewestFirst } from '../../../src/app/timeline.ts';
import type { StoreState } from '../../../src/core/backend.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { COMPLETE } from '../../../src/core/coverage.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { CheckpointError, type ErrorReason } from '../../../src/core/error.ts';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { InMemoryStore } from '../../support/inMemoryStore.ts';

/** A list from text, newest first: `a3@9 a2 a1@5` (no time where there is no `@`). */
function listOf(text: string): Checkpoint[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [id = '', second] = word.split('@');
      return {
        id,
        store: id.slice(0, 1),
        backend: 'shadowGit',
        name: id,
        label: id,
        note: '',
        ...(second === undefined ? {} : { createdAt: new Date(Number(second) * 1000).toISOString() }),
        exactTime: second !== undefined,
        origin: 'manual',
        scope: ['workspace'],
        stateful: false,
        pinned: false,
        coverage: COMPLETE,
      };
    });
}

const merge = (...lists: readonly string[]) =>
  mergeNewestFirst(lists.map(listOf))
    .map(({ id }) => id)
    .join(' ');

describe('the time line', () => {
  it('merges stores by time, newest first', () => {
    assert.equal(merge('a3@9 a2@5 a1@1', 'b2@6 b1@2'), 'a3 b2 a2 b1 a1');
  });

  it('puts a checkpoint without a time next to its older neighbour', () => {
    assert.equal(merge('a3 a2@5 a1', 'b3@9 b2@6 b1@1'), 'b3 b2 a3 a2 b1 a1');
  });

  it('keeps the order within a store when the clock went backwards', () => {
    assert.equal(merge('a3@1 a2@99 a1@1', 'b1@5'), 'b1 a3 a2 a1');
  });

  it('is empty without checkpoints and without stores', () => {
    assert.deepEqual([merge('', ''), merge()], ['', '']);
  });

  it('loses none, doubles none and keeps each store in order, whatever the times', () => {
    const times = fc.array(fc.option(fc.nat(20), { nil: undefined }), { maxLength: 8 });
    fc.assert(
      fc.property(times, times, (a, b) => {
        const text = (prefix: string, list: readonly (number | undefined)[]) =>
          list.map((time, index) => `${prefix}${index}${time === undefined ? '' : `@${time}`}`).join(' ');
        const merged = mergeNewestFirst([listOf(text('a', a)), listOf(text('b', b))]).map(({ id }) => id);
        assert.deepEqual(
          merged.filter((id) => id.startsWith('a')),
          a.map((_, index) => `a${index}`),
        );
        assert.deepEqual(
          merged.filter((id) => id.startsWith('b')),
          b.map((_, index) => `b${index}`),
        );
      }),
    );
  });

  it('reads every store', async () => {
    const stores = ['a', 'b'].map((id) => new InMemoryStore({ id }));
    for (const store of stores) {
      assert.ok(store.capabilities.create.available);
      await store.capabilities.create.use({ origin: 'manual', label: store.info.id });
    }
    assert.deepEqual(
      (await listTimeline(stores)).map(({ label }) => label),
      ['a', 'b'],
    );
  });

  it('is there without a store that is out of reach, and fails with any other that fails', async () => {
    const store = new InMemoryStore();
    await requireCapability(store.capabilities.create)({ origin: 'manual', label: 'a' });
    const failing = (state: StoreState, reason: ErrorReason): CheckpointStore => ({
      info: { ...store.info, id: 'other', state },
      capabilities: store.capabilities,
      onDidChange: store.onDidChange,
      list: () => Promise.reject(new CheckpointError(reason, 'It fails.')),
      dispose: () => undefined,
    });
    const labels = async (other: CheckpointStore) => (await listTimeline([store, other])).map(({ label }) => label);
    assert.deepEqual(await labels(failing('unavailable', 'notInstalled')), ['a']);
    await assert.rejects(labels(failing('ready', 'corrupt')), { reason: 'corrupt' });
    await assert.rejects(labels(failing('unavailable', 'cancelled')), { reason: 'cancelled' });
  });
});
