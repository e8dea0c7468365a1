import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { recordTurn } from '../../src/agent/recordTurn.ts';
import type { TurnBook } from '../../src/agent/turnBook.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

describe('The turns of an agent in VS Code', () => {
  let host: SurfaceUnderTest;
  let book: TurnBook;

  beforeEach(async () => {
    host = await startAfresh();
    book = [];
  });

  afterEach(() => host.surface.view.groupBySession(false));

  const turn = async (session: string, prompt: string, files: Readonly<Record<string, string>>): Promise<void> => {
    const { session: workspace } = host.open;
    for (const kind of ['turnStart', 'turnEnd'] as const) {
      if (kind === 'turnEnd') {
        host.write(files);
      }
      const event = { kind, session, cwd: undefined, prompt, resumed: false };
      const recorder = { session: workspace, onProblem: (error: unknown) => assert.fail(String(error)) };
      book = await recordTurn(recorder, book, 'claude', event);
    }
    await host.open.reload();
  };

  it("undo the last one in one step, and keep the user's edits to other files", async () => {
    host.write({ 'a.txt': 'one\n', 'mine.txt': 'one\n' });
    await turn('s', 'improve it', { 'a.txt': 'two\n', 'b.txt': 'new\n' });
    host.write({ 'mine.txt': 'edited\n' });
    await host.open.look();

    const row = await host.checkpoint('turn 1: improve it');
    assert.match(host.surface.view.tree.getTreeItem(row).contextValue ?? '', /\blastTurn$/);
    assert.equal(host.surface.keys.current['snapshotTimeline.canUndoTurn'], true);
    const asked = await host.run('undoAgentTurn', [row], true);
    assert.deepEqual(host.files(), { 'a.txt': 'one\n', 'mine.txt': 'edited\n' });
    assert.equal(
      asked.some((line) => line.startsWith('Changed again since')),
      false,
    );
    assert.equal(host.surface.keys.current['snapshotTimeline.canUndoTurn'], false);
    await host.run('undoRestore', [], true);
    assert.deepEqual(host.files(), { 'a.txt': 'two\n', 'b.txt': 'new\n', 'mine.txt': 'edited\n' });
  });

  it('ask about files that were edited since', async () => {
    host.write({ 'a.txt': 'one\n' });
    await turn('s', 'improve it', { 'a.txt': 'two\n' });
    host.write({ 'a.txt': 'mine\n' });
    const asked = await host.run('undoAgentTurn', [], false);
    assert.ok(asked.join('\n').includes('Changed again since, and taken back too:\na.txt'), asked.join('\n'));
    assert.deepEqual(host.files(), { 'a.txt': 'mine\n' });
  });

  it('show prompt, files and lines, and are grouped by session on demand', async () => {
    host.write({ 'a.txt': 'one\n' });
    await turn('first', 'add b', { 'b.txt': '1\n2\n3\n' });
    await turn('second', 'change a', { 'a.txt': 'two\n' });
    await turn('second', 'change a again', { 'a.txt': 'three\n', 'b.txt': '1\n' });
    await host.tree();
    await new Promise<void>((resolve) => {
      let counted = 0;
      const listening = host.surface.view.tree.onDidChangeTreeData(() => {
        counted += 1;
        if (counted === 3) {
          listening.dispose();
          resolve();
        }
      });
    });
    await host.run('groupBySession', []);
    assert.deepEqual(
      (await host.tree()).filter((line) => !/^ +[ab]\.txt /.test(line)),
      [
        'Now | no changes',
        'change a | claude · 2 turns · now',
        '  turn 2: change a again | now · 2 changes · +1 −3',
        '  turn 1: change a | now · 1 change · +1 −1',
        'add b | claude · 1 turn · now',
        '  turn 1: add b | now · 1 change · +3 −0',
        '1 automatic | Today',
        '  before turn 1: add b | now · 1 change',
      ],
    );
    await host.run('groupByDay', []);
    assert.equal((await host.rows('session')).length, 0);
  });
});
