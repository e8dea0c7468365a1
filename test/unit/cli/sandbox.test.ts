import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MemorySandbox, type MemorySandboxOptions } from '../../support/memorySandbox.ts';
import { openMemoryCommandLine } from '../../support/memoryCommandLine.ts';

function open(options: MemorySandboxOptions = {}) {
  const sandbox = new MemorySandbox(options);
  const line = openMemoryCommandLine(undefined, [sandbox]);
  return { line, sandbox };
}

describe('a sandbox on the command line', () => {
  it('is a store of its own', async () => {
    const { line } = open({ state: 'running' });
    assert.equal(
      await line.run('stores'),
      'files     This folder  ready    It is in memory.\nincus:c1  c1           running  It is in memory.',
    );
  });

  it('has its checkpoints created, listed, renamed, noted, pinned and deleted like all others', async () => {
    const { line } = open();
    assert.match(await line.run('create one --scope sandbox'), /^Created "one"/);
    assert.match(await line.run('create two --store incus:c1'), /^Created "two"/);
    assert.match(await line.run('rename one uno'), /^Renamed/);
    assert.match(await line.run(['note', 'uno', 'a note']), /^Noted/);
    assert.match(await line.run('pin uno'), /^Pinned/);
    assert.match(await line.run('show uno'), /holds +sandbox\npinned +yes\nnote +a note/);
    assert.match(await line.run('list'), /two\n.*uno +\(pinned\)$/);
    assert.equal(await line.run('delete --all --yes'), 'Deleted 1 checkpoint.\nKept 1 pinned one.');
  });

  it('is not looked into: what needs files takes the newest checkpoint that has them', async () => {
    const { line } = open();
    await line.create('files');
    await line.run('create later --scope sandbox');
    line.workspace.write({ a: '1' });
    assert.match(await line.run('changes'), /^\+ a/);
    assert.match(await line.run('changes later'), /It is a sandbox\.\nexit 1$/);
  });

  it('is restored when it is stopped, and the answer names the state before', async () => {
    const { line, sandbox } = open();
    await line.run('create one --scope sandbox');
    assert.equal(
      await line.run('restore one --yes'),
      'Restored "c1"; it is stopped.\nThe state before is checkpoint safe; restore that to go back to it.',
    );
    assert.deepEqual((await line.json('restore one --yes')).document, {
      restored: [],
      deleted: [],
      failed: [],
      safetyCheckpoint: 'safe',
      sandbox: { name: 'c1', state: 'stopped', deletedCheckpoints: [], warnings: [] },
    });
    assert.equal(sandbox.trace.at(-1), 'restore 1000 (safety)');
  });

  it('is not restored while it runs, unless it may be stopped', async () => {
    const { line, sandbox } = open({ state: 'running' });
    await line.run('create one --scope sandbox');
    const before = [...sandbox.trace];
    assert.equal(
      await line.run('restore one --yes'),
      '! checkpoints: The container "c1" is running. Nothing was changed.\n' +
        '  Add --stop to have it stopped for the restore and started again.\nexit 3',
    );
    assert.match(
      await line.run('restore one --stop'),
      /^! checkpoints: Stop, restore and start "c1" to "one".*exit 3$/s,
    );
    assert.deepEqual(sandbox.trace, before);
    assert.match(await line.run('restore one --stop --yes'), /^Restored "c1"/);
    assert.equal(sandbox.trace.at(-1), 'restore 1000 (stop, safety)');
  });

  it('shows beforehand what a restore would do, and asks a person', async () => {
    const { line } = open({ state: 'running', onlyNewest: true });
    await line.run('create one --scope sandbox');
    await line.run('create two --scope sandbox');
    const preview =
      'The container "c1" is running.\nLater ones have to go.\ndeleted: "two" (2000)\n! Stop, restore and start "c1" to "one" (1000)';
    assert.equal(await line.run('restore one --dry-run'), preview);
    line.terminal.canAsk = true;
    line.terminal.answers = [false];
    assert.match(await line.run('restore one --stop'), /Stop, restore and start "c1" to "one" \(1000\)\? \[y\/N\]/);
  });

  it('is left alone by a command that names both one and all', async () => {
    const { line, sandbox } = open();
    await line.run('create one --scope sandbox');
    assert.match(await line.run('delete one --all --yes'), /exit 2$/);
    assert.equal((await sandbox.list()).length, 1);
  });

  it('goes back as a whole', async () => {
    const { line } = open();
    await line.run('create one --scope sandbox');
    assert.match(await line.run('restore one --path a --yes'), /A sandbox goes back as a whole.*exit 1$/s);
  });

  it('is chosen by --store where there are several', async () => {
    const [a, b] = [new MemorySandbox(), new MemorySandbox()];
    const line = openMemoryCommandLine(undefined, [a, b]);
    assert.match(await line.run('create x --scope sandbox'), /This folder has 2 sandboxes.*--store.*exit 3$/s);
  });
});
