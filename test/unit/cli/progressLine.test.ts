import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { ProgressLine } from '../../../src/cli/progressLine.ts';
import { FakeTerminal } from '../../support/fakeTerminal.ts';

const CLEAR = '\r\u001B[K';

/** A line whose patience is over, on a terminal or not. */
async function impatient(isWatched: boolean): Promise<{ terminal: FakeTerminal; line: ProgressLine }> {
  const terminal = new FakeTerminal();
  terminal.isWatched = isWatched;
  const line = new ProgressLine(terminal, 0);
  // Timers of one duration end in the order of their start, and none is shorter than this one.
  await sleep(0);
  return { terminal, line };
}

describe('the progress of an operation', () => {
  it('is not shown while nobody has waited for long', () => {
    const terminal = new FakeTerminal();
    terminal.isWatched = true;
    const line = new ProgressLine(terminal);
    line.onProgress({ message: 'Reading files' });
    line.dispose();
    assert.equal(terminal.err, '');
  });

  it('is one line on a terminal that changes and goes away', async () => {
    const { terminal, line } = await impatient(true);
    line.onProgress({ message: 'Reading files', done: 1, total: 2 });
    line.onProgress({ message: 'Reading files', done: 1, total: 2 });
    line.onProgress({ message: 'Reading files', done: 2 });
    line.onProgress({ message: 'Writing' });
    line.dispose();
    line.onProgress({ message: 'Too late' });
    assert.equal(terminal.err, `${CLEAR}Reading files… 1 of 2${CLEAR}Reading files… 2${CLEAR}Writing…${CLEAR}`);
  });

  it('elsewhere says only that somebody has to be waited for', async () => {
    const { terminal, line } = await impatient(false);
    line.onProgress({ message: 'Reading files' });
    line.onProgress({ message: 'Waiting for process 7', waiting: true });
    line.onProgress({ message: 'Waiting for process 7', waiting: true });
    line.dispose();
    assert.equal(terminal.err, 'Waiting for process 7…\n');
  });

  it('shows what was said before the patience was over', async () => {
    const terminal = new FakeTerminal();
    const line = new ProgressLine(terminal, 1);
    line.onProgress({ message: 'Waiting for process 7', waiting: true });
    while (terminal.err === '') {
      await sleep(1);
    }
    line.dispose();
    assert.equal(terminal.err, 'Waiting for process 7…\n');
  });
});
