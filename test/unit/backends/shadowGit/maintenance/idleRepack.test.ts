import assert from 'node:assert/strict';
import { IdleRepack } from '../../../../../src/backends/shadowGit/maintenance/idleRepack.ts';
import type { DataFolderLock } from '../../../../../src/backends/shadowGit/storeLock.ts';
import { Emitter } from '../../../../../src/core/event.ts';
import type { OperationContext } from '../../../../../src/core/operationContext.ts';
import { silentLog } from '../../../../../src/platform/log.ts';

type Lock = Pick<DataFolderLock, 'tryRun' | 'onWanted'>;

const wanted = new Emitter<void>();
const free: Lock = { tryRun: (action) => action(), onWanted: wanted.event };
const held: Lock = { tryRun: async () => undefined, onWanted: wanted.event };

async function considered(need: number, lock: Lock): Promise<string[]> {
  const done: string[] = [];
  const repacker = { need: async () => need, run: async () => void done.push('repacked') };
  const idle = new IdleRepack(repacker, lock, silentLog);
  await idle.consider();
  idle.dispose();
  return done;
}

describe('the idle repack', () => {
  it('waits for a quiet time unless it is overdue, and never waits for the lock', async () => {
    const done = await Promise.all([considered(1, free), considered(8, free), considered(8, held)]);
    assert.deepEqual(done, [[], ['repacked'], []]);
  });

  it('stops when somebody needs the store, and its failure is nobody else’s', async () => {
    let started: () => void;
    const running = new Promise<void>((resolve) => (started = resolve));
    const run = (context?: OperationContext): Promise<void> =>
      new Promise((_, reject) => {
        context?.signal?.addEventListener('abort', () => reject(new Error('stopped')));
        started();
      });
    const idle = new IdleRepack({ need: async () => 8, run }, free, silentLog);
    const repack = idle.consider();
    await running;
    wanted.fire();
    await repack;
    idle.dispose();
  });
});
