import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { AutomaticCheckpoints, BUDGET_MS } from '../../../../src/app/automatic/automaticCheckpoints.ts';
import type { AutomaticSettings } from '../../../../src/app/automatic/automaticSettings.ts';
import { available, requireCapability } from '../../../../src/core/capabilities.ts';
import { CheckpointError } from '../../../../src/core/error.ts';
import type { CreateCheckpoint } from '../../../../src/core/store.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';
import { openMemorySession } from '../../../support/memorySession.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function openAutomatic(given: Partial<AutomaticSettings> = {}, wrap?: (create: CreateCheckpoint) => CreateCheckpoint) {
  const timers = new FakeTimers(Date.UTC(2026, 0, 1));
  const memory = openMemorySession({ now: () => timers.now() });
  const { session, workspace } = memory;
  const { capabilities } = session.files;
  const create = requireCapability(capabilities.create);
  let calls = 0;
  const counted: CreateCheckpoint = (request, context) => {
    calls += 1;
    return (wrap?.(create) ?? create)(request, context);
  };
  const settings = { everyMinutes: 5, beforeGit: true, largeDeletion: 3, ...given };
  const files = { ...session.files, capabilities: { ...capabilities, create: available(counted) } };
  const automatic = new AutomaticCheckpoints({ session: { ...session, files }, timers, settings: () => settings });
  const advance = async (milliseconds: number): Promise<void> => {
    timers.advance(milliseconds);
    await automatic.idle;
  };
  const see = async (): Promise<void> => {
    const point = await requireCapability(capabilities.files).see();
    automatic.looked({ point, startedAt: timers.now(), endedAt: timers.now() });
    await automatic.idle;
  };
  return {
    automatic,
    memory,
    settings,
    timers,
    advance,
    see,
    calls: () => calls,
    edit: (path: string, text: string) => {
      workspace.write({ [path]: text });
      automatic.touched(false);
    },
    remove: (...paths: readonly string[]) => {
      workspace.remove(...paths);
      automatic.touched(true);
    },
    /** Labels of the automatic ones with the text of `a` in them, oldest first. */
    made: async () => {
      const list = (await memory.store.list()).filter(({ origin }) => origin === 'auto').toReversed();
      const reader = requireCapability(capabilities.files);
      const text = (id: string) =>
        reader.read(id, 'a').then(
          (bytes) => Buffer.from(bytes).toString(),
          () => 'gone',
        );
      return Promise.all(list.map(async ({ id, label }) => `${label}: ${await text(id)}`));
    },
  };
}

describe('Automatic checkpoints by time', () => {
  it('are made some minutes after a change, one for all changes until then', async () => {
    const { edit, advance, made, calls } = openAutomatic();
    edit('a', '1');
    await advance(4 * MINUTE);
    for (let number = 0; number < 5000; number += 1) {
      edit('a', `${number}`);
    }
    await advance(59 * SECOND);
    assert.deepEqual(await made(), []);
    await advance(5 * SECOND);
    assert.deepEqual(await made(), ['every 5 minutes: 4999']);
    await advance(60 * MINUTE);
    assert.equal(calls(), 1);
  });

  it('are not made where nothing changed, and nothing even looks while nothing is touched', async () => {
    const { automatic, memory, advance, made, calls } = openAutomatic();
    memory.workspace.write({ a: '1' });
    await memory.create('mine');
    await advance(60 * MINUTE);
    assert.equal(calls(), 0);
    automatic.touched(false);
    await advance(6 * MINUTE);
    assert.deepEqual([calls(), await made()], [1, []]);
  });

  it('wait until a burst of changes is over, but not for ever', async () => {
    const { edit, advance, made } = openAutomatic({ everyMinutes: 1 });
    edit('a', '1');
    await advance(59 * SECOND);
    for (let second = 0; second < 30; second += 1) {
      edit('a', `install ${second}`);
      await advance(SECOND);
    }
    assert.deepEqual(await made(), []);
    await advance(3 * SECOND);
    assert.deepEqual(await made(), ['every minute: install 29']);

    for (let second = 0; second < 130; second += 1) {
      edit('a', `build ${second}`);
      await advance(SECOND);
    }
    assert.equal((await made()).length, 2);
  });

  it('see what changes while one is being made', async () => {
    let meanwhile = (): void => undefined;
    const { edit, advance, made } = openAutomatic({}, (create) => async (request, context) => {
      const checkpoint = await create(request, context);
      meanwhile();
      return checkpoint;
    });
    edit('a', '1');
    meanwhile = () => edit('a', '2');
    await advance(6 * MINUTE);
    meanwhile = () => undefined;
    await advance(6 * MINUTE);
    assert.deepEqual(await made(), ['every 5 minutes: 1', 'every 5 minutes: 2']);
  });

  it('pause and go on', async () => {
    const { automatic, edit, advance, made, calls } = openAutomatic();
    edit('a', '1');
    automatic.pause();
    edit('a', '2');
    automatic.gitMoved('git reset');
    await advance(60 * MINUTE);
    assert.deepEqual([automatic.isPaused, calls()], [true, 0]);
    automatic.resume();
    await advance(6 * MINUTE);
    assert.deepEqual([automatic.isPaused, await made()], [false, ['every 5 minutes: 2']]);
  });

  it('follow the settings at once, and are off at 0', async () => {
    const { automatic, settings, edit, advance, made, timers } = openAutomatic({ everyMinutes: 0 });
    edit('a', '1');
    assert.equal(timers.waiting, 0);
    settings.everyMinutes = 1;
    automatic.settingsChanged();
    await advance(2 * MINUTE);
    assert.deepEqual(await made(), ['every minute: 1']);
    Object.assign(settings, { everyMinutes: 0, beforeGit: false, largeDeletion: 0 });
    assert.equal(automatic.isOff, true);
  });

  it('give up after the budget, tell it, and try again after ever longer pauses until one is done', async () => {
    let isLarge = true;
    const attempts: number[] = [];
    const { automatic, edit, timers, made } = openAutomatic({}, (create) => (request, context) => {
      attempts.push(timers.now());
      return isLarge
        ? new Promise((_resolve, reject) => {
            context?.signal?.addEventListener('abort', () =>
              reject(new CheckpointError('cancelled', 'The operation was cancelled.')),
            );
          })
        : create(request, context);
    });
    const told: (string | undefined)[] = [];
    automatic.onDidChange(() => told.push(automatic.problem?.kind));
    edit('a', '1');
    for (let step = 0; step < 90; step += 1) {
      timers.advance(30 * SECOND);
      await new Promise(setImmediate);
    }
    const pauses = attempts.slice(1).map((at, index) => Math.round((at - (attempts[index] ?? 0) - BUDGET_MS) / MINUTE));
    assert.deepEqual(
      [pauses, told],
      [
        [10, 20],
        ['tooSlow', 'tooSlow', 'tooSlow'],
      ],
    );
    isLarge = false;
    timers.advance(60 * MINUTE);
    await automatic.idle;
    assert.deepEqual([automatic.problem, await made()], [undefined, ['every 5 minutes: 1']]);
  });

  it('take no notice of a store that is in use, and tell every other failure', async () => {
    let reason: 'busy' | 'commandFailed' = 'busy';
    const { automatic, edit, advance } = openAutomatic({}, () => async () => {
      throw new CheckpointError(reason, 'No.');
    });
    edit('a', '1');
    await advance(6 * MINUTE);
    assert.equal(automatic.problem, undefined);
    reason = 'commandFailed';
    await advance(20 * MINUTE);
    assert.deepEqual(automatic.problem, { kind: 'failed', message: 'No.' });
  });

  it('end with their folder', async () => {
    const { automatic, edit, timers, advance, calls } = openAutomatic();
    edit('a', '1');
    automatic.dispose();
    automatic.touched(false);
    await advance(60 * MINUTE);
    assert.deepEqual([timers.waiting, calls()], [0, 0]);
  });
});

describe('Automatic checkpoints at risky moments', () => {
  it('keep what was last seen before git changed the files', async () => {
    const { automatic, edit, see, advance, made, memory } = openAutomatic();
    edit('a', 'committed');
    await memory.create('mine');
    await advance(10 * SECOND);
    edit('a', 'precious');
    await advance(2 * SECOND);
    await see();
    await advance(10 * SECOND);
    edit('a', 'committed');
    automatic.gitMoved('git reset HEAD');
    await automatic.idle;
    assert.deepEqual(await made(), ['before git reset HEAD: precious']);
    const [newest] = await memory.store.list();
    assert.equal(newest?.note, 'The files as they were seen 10 s before this checkpoint was made.');
  });

  it('do not take for "before" what was seen while git was at work', async () => {
    const { automatic, edit, see, advance, made } = openAutomatic();
    edit('a', 'before');
    await advance(2 * SECOND);
    await see();
    await advance(10 * SECOND);
    edit('a', 'half-way');
    await advance(0.9 * SECOND);
    await see();
    edit('a', 'after');
    automatic.gitMoved('git checkout main');
    await automatic.idle;
    assert.deepEqual(await made(), ['before git checkout main: before']);
  });

  it('say "after" where nothing was seen before', async () => {
    const { automatic, edit, made } = openAutomatic();
    edit('a', '1');
    automatic.gitMoved('git pull');
    await automatic.idle;
    assert.deepEqual(await made(), ['after git pull: 1']);
  });

  it('are not made where a checkpoint from before holds everything already', async () => {
    const { automatic, edit, see, advance, made, memory } = openAutomatic();
    edit('a', '1');
    await advance(2 * SECOND);
    await see();
    await advance(2 * SECOND);
    await memory.create('mine');
    await advance(2 * SECOND);
    edit('a', '2');
    automatic.gitMoved('git pull');
    await automatic.idle;
    assert.deepEqual(await made(), []);
  });

  it('keep what a large deletion took, and leave small ones to the timer', async () => {
    const { edit, remove, see, advance, made } = openAutomatic();
    for (const path of ['a', 'src/x/1', 'src/x/2', 'src/y/3']) {
      edit(path, 'text');
    }
    await advance(2 * SECOND);
    await see();
    await advance(5 * SECOND);
    remove('a');
    await advance(2 * SECOND);
    await see();
    assert.deepEqual(await made(), []);
    edit('a', 'again');
    await advance(2 * SECOND);
    await see();
    await advance(5 * SECOND);
    remove('src/x/1', 'src/x/2', 'src/y/3');
    await advance(2 * SECOND);
    await see();
    assert.deepEqual(await made(), ['before 3 files in src were deleted: again']);
    await advance(6 * MINUTE);
    assert.equal((await made()).length, 2);
  });

  it('each follow their own setting', async () => {
    const { automatic, edit, remove, see, advance, made } = openAutomatic({ beforeGit: false, largeDeletion: 0 });
    for (const path of ['a', 'b', 'c', 'd']) {
      edit(path, 'text');
    }
    await advance(2 * SECOND);
    await see();
    await advance(5 * SECOND);
    automatic.gitMoved('git pull');
    remove('b', 'c', 'd');
    await advance(2 * SECOND);
    await see();
    assert.deepEqual(await made(), []);
  });
});
