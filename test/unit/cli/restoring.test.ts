import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openMemoryCommandLine } from '../../support/memoryCommandLine.ts';

describe('restoring by the command line', () => {
  it('restores when it is told to, and undoes and redoes that', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1', gone: '1' });
    await line.create('first');
    line.workspace.write({ a: '2', new: '2' });
    line.workspace.remove('gone');
    const broken = line.workspace.render();
    assert.equal(
      await line.run('restore first --dry-run'),
      '~ a\n+ gone\n- new\n! "first" (1000): 1 added, 1 modified, 1 deleted',
    );
    assert.equal(line.workspace.render(), broken);
    assert.equal(
      await line.run('restore first --yes'),
      'Restored 2 paths, deleted 1.\nThe state before is checkpoint 2000; "checkpoints undo" goes back to it.',
    );
    assert.equal(line.workspace.render(), '644 a "1"\n644 gone "1"');
    assert.match(await line.run('undo --yes'), /^Restored 2 paths, deleted 1\./);
    assert.equal(line.workspace.render(), broken);
    assert.match(await line.run('redo --yes'), /^Restored 2 paths, deleted 1\./);
    assert.equal(await line.run('restore first --yes'), 'Everything is so already; nothing was changed.');
  });

  it('asks a person before it restores, and only yes is yes', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1' });
    await line.create('first');
    line.workspace.write({ a: '2' });
    line.terminal.canAsk = true;
    line.terminal.answers = [false, true];
    assert.equal(
      await line.run('restore first'),
      '! ~ a\nRestore "first" (1000): 1 modified? [y/N] \ncheckpoints: Nothing was changed.\n  Only "y" or "yes" does it.\nexit 3',
    );
    assert.deepEqual([line.workspace.render(), await line.labels()], ['644 a "2"', ['first']]);
    assert.match(await line.run('restore first'), /^Restored 1 path\./);
  });

  it('refuses to restore or delete where nobody can be asked, and says what it would do', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1' });
    await line.create('first');
    line.workspace.write({ a: '2' });
    assert.equal(
      await line.run('restore first'),
      '! checkpoints: Restore "first" (1000): 1 modified? Nothing was changed, because nobody can be asked here.\n' +
        '  Add --yes to do it. --dry-run lists the paths.\nexit 3',
    );
    assert.equal(
      await line.run('delete first'),
      '! checkpoints: Delete 1 checkpoint for good? Nothing was changed, because nobody can be asked here.\n' +
        '  Add --yes to do it.\nexit 3',
    );
    assert.deepEqual([line.workspace.render(), await line.labels()], ['644 a "2"', ['first']]);
  });

  it('names what was edited since a restore before it undoes that', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1' });
    await line.create('first');
    line.workspace.write({ a: '2' });
    await line.run('restore first --yes');
    line.workspace.write({ a: 'edited' });
    line.terminal.canAsk = true;
    assert.equal(
      (await line.run('undo')).split('\ncheckpoints:')[0],
      '! ~ a\nEdited since; the edits stay in a safety checkpoint:\n  a\nUndo: 1 modified, 1 of them edited since? [y/N] ',
    );
  });

  it('restores only some paths, and says what it leaves alone', async () => {
    const line = openMemoryCommandLine();
    const { workspace } = line;
    workspace.write({ a: '1', b: '1', 'src/c': '1', locked: '1' });
    workspace.unreadable.set('big', 'tooLarge');
    workspace.write({ big: 'old' });
    await line.create('first');
    workspace.unreadable.clear();
    workspace.unreadable.set('locked', 'unreadable');
    workspace.write({ a: '2', b: '2', 'src/c': '2', locked: '2', big: 'new' });
    assert.match(await line.run('restore first --path a src --yes'), /^Restored 2 paths\./);
    assert.equal(
      await line.run('restore first --yes'),
      [
        'FAILED locked: It was left alone: its present content cannot be captured: could not be read.',
        'Restored 1 path, failed 1.',
        'The state before is checkpoint 3000; "checkpoints undo" goes back to it.',
        'Kept big: the checkpoint left it out: larger than the limit for files that git does not track.',
        'exit 1',
      ].join('\n'),
    );
  });

  it('reverts each file to the newest checkpoint that holds another version of it', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1', b: '1' });
    await line.create('first');
    line.workspace.write({ a: '2' });
    await line.create('second');
    line.workspace.write({ b: '2', new: '1' });
    await line.create('third');
    assert.match(await line.run('revert a b --dry-run'), /^~ a\n~ b\n! "first".*\n"second"/);
    assert.match(await line.run('revert a b --yes'), /^Restored 2 paths\./);
    assert.equal(line.workspace.render(), '644 a "1"\n644 b "1"\n644 new "1"');
    assert.match(await line.run('revert new --yes'), /No checkpoint holds another version of the file "new".*exit 1$/s);
    assert.match(await line.run('revert new --to first --yes'), /^Restored 0 paths, deleted 1\./);
    assert.match(await line.run('revert never --yes'), /exit 1$/);
    assert.equal(await line.run('revert a --to first --yes'), 'Everything is so already; nothing was changed.');
  });

  it('asks once for files that go back to different checkpoints', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1', b: '1' });
    await line.create('first');
    line.workspace.write({ a: '2' });
    await line.create('second');
    line.workspace.write({ b: '2' });
    await line.create('third');
    line.terminal.canAsk = true;
    assert.equal(
      await line.run('revert a b'),
      '! "first" (1000):\n~ a\n"second" (2000):\n~ b\nRevert to 2 checkpoints: 2 modified? [y/N] \n' +
        'checkpoints: Nothing was changed.\n  Only "y" or "yes" does it.\nexit 3',
    );
    assert.deepEqual(
      [line.workspace.render(), await line.labels()],
      ['644 a "2"\n644 b "2"', ['third', 'second', 'first']],
    );
    line.terminal.answers = [true];
    assert.match(await line.run('revert a b'), /^Restored 2 paths\./);
    assert.equal(line.workspace.render(), '644 a "1"\n644 b "1"');
  });

  it('reports every file when one of several steps fails', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1', b: '1' });
    await line.create('first');
    line.workspace.write({ a: '2' });
    await line.create('second');
    line.workspace.write({ b: '2' });
    await line.create('third');
    line.store.restorer.beforeStep = (path) => {
      if (path === 'b') {
        throw new Error('The disk is full.');
      }
    };
    assert.equal(
      await line.run('revert a b --yes'),
      'FAILED b: The disk is full.\nRestored 1 path, failed 1.\n' +
        'The state before is checkpoint 3000; "checkpoints undo" goes back to it.\nexit 1',
    );
  });

  it('rolls an interrupted restore back on request, and says so until then', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1', b: '1' });
    await line.create('first');
    line.workspace.write({ a: '2', b: '2' });
    line.store.restorer.crashAfter = 1;
    assert.match(await line.run('restore first --yes'), /killed.*exit 1$/s);
    line.store.restorer.crashAfter = undefined;
    assert.equal(
      await line.run('restore first --yes'),
      '! checkpoints: An earlier restore of this folder was interrupted.\n' +
        '  "checkpoints doctor --repair" takes the interrupted restore back; nothing is lost by that.\nexit 3',
    );
    assert.match(
      await line.run('doctor --repair'),
      /^ok {2}interruptedRestore {2}An interrupted restore was rolled back: 1 path\./,
    );
    assert.equal(line.workspace.render(), '644 a "2"\n644 b "2"');
    assert.match(await line.run('undo --yes'), /There is nothing to undo/);
  });
});
