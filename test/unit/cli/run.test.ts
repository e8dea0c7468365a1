import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { localTime } from '../../../src/cli/text.ts';
import { openMemoryCommandLine } from '../../support/memoryCommandLine.ts';

/** The local time of that minute of the store's first hour. */
const minute = (number: number) => localTime(new Date(Date.UTC(2025, 0, 1, 0, number)));

describe('the command line', () => {
  it('creates, lists and shows checkpoints', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1', 'src/b': '1' });
    assert.equal(await line.run('create first'), 'Created "first" (1000): 2 added.');
    line.workspace.write({ a: '2' });
    line.workspace.remove('src');
    assert.equal(
      await line.run(['create', 'Second one', '--note', 'two\nlines', '--origin', 'agent']),
      'Created "Second one" (2000): 1 modified, 1 deleted.',
    );
    assert.equal(
      await line.run('list'),
      [
        `2000  ${minute(1)}  4 minutes ago  +0 ~1 -1  Second one  (agent, Second-one)`,
        `1000  ${minute(0)}  5 minutes ago  +2 ~0 -0  first`,
      ].join('\n'),
    );
    assert.equal(
      await line.run('show Second-one'),
      [
        'title     Second one',
        'id        2000',
        'name      Second-one',
        `created   ${minute(1)}:00 (4 minutes ago)`,
        'origin    agent',
        'holds     workspace',
        'note      two',
        '          lines',
        'coverage  complete',
        'changes   +0 ~1 -1 against the checkpoint before it',
        '  ~ a',
        '  - src/b',
      ].join('\n'),
    );
  });

  it('says when nothing changed, and what was left out', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ big: 'x'.repeat(2048), a: '1' });
    line.workspace.unreadable.set('big', 'tooLarge');
    assert.equal(
      await line.run('create --if-changed first'),
      'Created "first" (1000): 1 added.\n1 path was left out; "checkpoints show @latest" says which and why.',
    );
    assert.equal(
      await line.run('create --if-changed second'),
      'Nothing changed since the newest checkpoint, so none was created.',
    );
    assert.match(
      await line.run('show first'),
      /coverage {2}partial, 1 left out:\n {2}big: larger than the limit for files that git does not track \(2 KiB\)/,
    );
    assert.match(await line.run('list'), /first {2}\(partial: 1 left out\)$/);
  });

  it('lists no more than people read, and says so', async () => {
    const line = openMemoryCommandLine();
    for (let index = 0; index < 52; index += 1) {
      await line.create(`c${index}`);
    }
    assert.match(await line.run('list'), /c2\n! 2 older ones not shown; --all lists them\.$/);
    assert.equal((await line.run('list --all')).split('\n').length, 52);
    assert.match(await line.run('list --limit 1'), /c51\n! 51 older ones not shown/);
    const { document } = await line.json('list');
    assert.equal((document as { checkpoints: unknown[] }).checkpoints.length, 52);
  });

  it('says that there is none, and where there are some', async () => {
    const line = openMemoryCommandLine();
    assert.equal(await line.run('list'), '! There are no checkpoints yet. "checkpoints create" makes the first one.');
    line.parent = '/around';
    assert.match(await line.run('list'), /\/around has checkpoints: use -C \/around\.$/);
    assert.equal(
      await line.run('show @latest'),
      '! checkpoints: This folder has no checkpoints yet.\n  /around has checkpoints: use -C /around.\nexit 1',
    );
  });

  it('compares with now and between checkpoints', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ a: '1\n', gone: 'x\n' });
    await line.create('first');
    line.workspace.write({ a: '2\n', new: 'x\n' });
    line.workspace.remove('gone');
    await line.create('second');
    line.workspace.write({ later: 'x\n' });
    assert.equal(await line.run('changes'), '+ later\n! 1 added');
    assert.equal(await line.run('changes first second'), '~ a\n- gone\n+ new\n! 1 added, 1 modified, 1 deleted');
    assert.equal(
      await line.run('diff first second -- a'),
      'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-1\n+2',
    );
    assert.equal((await line.run('diff first')).match(/^diff /gm)?.length, 4);
    assert.match(await line.run('diff first second a'), /Name one or two checkpoints.*exit 2$/s);
  });

  it('tells the history of a file and prints a version of it', async () => {
    const line = openMemoryCommandLine();
    for (const content of ['1', '22', '22']) {
      line.workspace.write({ a: content });
      await line.create(`c${content}-${await line.labels().then((labels) => labels.length)}`);
    }
    assert.equal(
      await line.run('history a'),
      [
        `2000  ${minute(1)}  4 minutes ago  modified  2 B  c22-1`,
        `1000  ${minute(0)}  5 minutes ago  added     1 B  c1-0`,
      ].join('\n'),
    );
    assert.equal(await line.run('cat 1 a'), '1');
    assert.match(await line.run('history none'), /No checkpoint holds the file "none".*exit 1$/s);
    assert.match(await line.run('cat 1 none'), /exit 1$/);
  });

  it('renames, notes, pins, deletes and compacts', async () => {
    const line = openMemoryCommandLine();
    for (const label of ['a', 'b', 'c', 'd']) {
      line.workspace.write({ file: label });
      await line.create(label);
    }
    const said = [];
    for (const command of [
      'rename a z',
      'note z text',
      'pin z',
      'compact b c --name bc',
      'delete d --yes',
      'delete --all --yes',
    ]) {
      said.push(await line.run(command));
    }
    assert.deepEqual(said, [
      'Renamed "z" (1000).',
      'Noted "z" (1000).',
      'Pinned "z" (1000).',
      'Made "bc" (c5) of 2 checkpoints.',
      'Deleted 1 checkpoint.',
      'Deleted 1 checkpoint.\nKept 1 pinned one.',
    ]);
    assert.equal(await line.run('delete --all'), 'There is nothing to delete.\nKept 1 pinned one.');
    assert.equal(await line.run('unpin z'), 'Unpinned "z" (1000).');
    assert.deepEqual(await line.labels(), ['z']);
  });

  it('refuses a deletion that is not clear', async () => {
    const line = openMemoryCommandLine();
    await line.create('first');
    assert.match(await line.run('delete'), /Name a checkpoint, or use --all\..*exit 2$/s);
    assert.match(await line.run('delete first --all'), /not both\..*exit 2$/s);
    assert.match(await line.run('delete first none --yes'), /There is no checkpoint "none"\..*exit 1$/s);
    assert.deepEqual(await line.labels(), ['first']);
  });

  it('shows names that play tricks as escapes', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ 'a\u001B[2Jb\nc': '1' });
    await line.create('plain');
    const shown = await line.run('show plain');
    assert.ok(shown.includes('+ a\\e[2Jb\\nc'), shown);
    assert.equal(
      await line.run(['show', 'x\u001B[2J']),
      '! checkpoints: There is no checkpoint "x\\e[2J".\n  List the checkpoints to see their ids and names.\nexit 1',
    );
  });

  it('uses only the store that is named', async () => {
    const line = openMemoryCommandLine();
    await line.create('first');
    assert.match(await line.run('list --store files'), /first$/);
    assert.match(
      await line.run('list --store nope'),
      /There is no store "nope" here\.\n {2}There is "files"\.\nexit 1$/,
    );
    assert.equal(await line.run('stores'), 'files  This folder  ready  It is in memory.');
  });

  it('has no sandbox to hold or to stop', async () => {
    const line = openMemoryCommandLine();
    await line.create('first');
    for (const command of ['create --stateful', 'create --scope sandbox', 'restore first --stop --yes']) {
      assert.match(await line.run(command), /no sandbox.*exit 1$/s, command);
    }
    assert.deepEqual(await line.labels(), ['first']);
  });

  it('prints its help where it was asked for, and on standard error where no command was given', async () => {
    const line = openMemoryCommandLine();
    assert.match(await line.run('help'), /^Usage: checkpoints/);
    assert.match(await line.run([]), /^! Usage: checkpoints.*exit 2$/s);
  });

  it('escapes in documents what a terminal could obey', async () => {
    const line = openMemoryCommandLine();
    line.workspace.write({ 'a\u009B2J\u202Eb\uDCFF': '1' });
    await line.create('first');
    const { document } = await line.json('show first');
    assert.ok(line.terminal.out.includes('a\\u009b2J\\u202eb\\udcff'), line.terminal.out);
    assert.equal((document as { changes: { path: string }[] }).changes[0]?.path, 'a\u009B2J\u202Eb\uDCFF');
  });

  it('answers failures with --json as one document as well', async () => {
    const line = openMemoryCommandLine();
    const failures = await Promise.all(
      [['show', 'x'], ['nope'], [], ['undo']].map(async (argv) => {
        const { code, document } = await openMemoryCommandLine().json(argv);
        const { error } = document as { error: Record<string, unknown> };
        return `${code} ${String(error['reason'])} ${Object.keys(error).join(' ')}`;
      }),
    );
    assert.deepEqual(failures, [
      '1 notFound reason message hint',
      '2 usage reason message hint',
      '2 usage reason message hint',
      '1 notFound reason message hint',
    ]);
    await line.json('list');
    assert.equal(line.terminal.err, '');
  });
});
