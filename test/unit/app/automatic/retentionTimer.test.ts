import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RetentionTimer } from '../../../../src/app/automatic/retentionTimer.ts';
import { DEFAULT_RETENTION } from '../../../../src/core/retention.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';
import { openMemorySession } from '../../../support/memorySession.ts';

const MINUTE = 60_000;

describe('Retention in the background', () => {
  it('is applied a minute after a change, at most every ten minutes, and tells what it removed', async () => {
    const timers = new FakeTimers(Date.UTC(2026, 0, 1));
    const memory = openMemorySession({ now: () => timers.now() });
    const told: string[] = [];
    const timer = new RetentionTimer({
      session: memory.session,
      timers,
      rules: () => ({ ...DEFAULT_RETENTION, maxCount: 2 }),
      onPruned: ({ removed }) => told.push(removed.map(({ checkpoint }) => checkpoint.label).join(' ')),
      onProblem: (error) => assert.fail(String(error)),
    });
    const add = async (label: string): Promise<void> => {
      memory.workspace.write({ a: label });
      await memory.create(label, 'auto');
      timer.listChanged();
    };
    const advance = async (milliseconds: number): Promise<void> => {
      timers.advance(milliseconds);
      await timer.idle;
    };
    await add('1');
    await add('2');
    await add('3');
    await advance(0.9 * MINUTE);
    assert.deepEqual(told, []);
    await advance(0.2 * MINUTE);
    assert.deepEqual([told, await memory.labels()], [['1'], ['3', '2']]);
    await add('4');
    await advance(8 * MINUTE);
    assert.deepEqual(told, ['1']);
    await advance(2 * MINUTE);
    assert.deepEqual([told, timers.waiting], [['1', '2'], 0]);
    await add('5');
    timer.dispose();
    assert.equal(timers.waiting, 0);
  });
});
