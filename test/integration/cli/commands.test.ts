import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { writeCaptureSettings } from '../../../src/backends/shadowGit/capture/captureSettingsFile.ts';
import { openDataFolder } from '../../../src/platform/dataFolder.ts';
import { type CommandLineSandbox, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { documents } from '../../support/commandLineSchemas.ts';
import { file, link, removeTree, renderFolder, writeTree } from '../../support/folderTree.ts';

describe('the command line as a process', () => {
  let sandbox: CommandLineSandbox;

  beforeEach(async () => {
    sandbox = await makeCommandLineSandbox();
  });

  afterEach(() => sandbox.dispose());

  it('answers the commands that look with documents of the stated shapes', async () => {
    const { workspace, json } = sandbox;
    await writeTree(workspace, {
      'src/a': 'one\n',
      run: file('#!\n', 0o755),
      to: link('run'),
      bin: Buffer.from([0, 255]),
    });
    const { checkpoint: first } = await json(documents.create, ['create', 'first', '--note', 'a\nnote']);
    await writeTree(workspace, { 'src/a': 'two\n', new: 'x\n' });
    await removeTree(workspace, 'run');
    const { checkpoint: second } = await json(documents.create, ['create', 'Second one', '--origin', 'agent']);
    assert.ok(first && second);
    assert.deepEqual(
      [first.label, first.note, first.origin, first.changes, second.name, second.origin, second.changes],
      [
        'first',
        'a\nnote',
        'manual',
        { added: 4, modified: 0, deleted: 0 },
        'Second-one',
        'agent',
        { added: 1, modified: 1, deleted: 1 },
      ],
    );
    assert.deepEqual(await json(documents.create, ['create', '--if-changed']), { checkpoint: null, created: false });
    const { stores } = await json(documents.stores, ['stores']);
    const { why: _, ...store } = stores[0]!;
    assert.deepEqual(await json(documents.list, ['list']), { stores: [store], checkpoints: [second, first] });
    const changes = [
      { path: 'new', kind: 'added' },
      { path: 'run', kind: 'deleted' },
      { path: 'src/a', kind: 'modified' },
    ];
    assert.deepEqual(await json(documents.show, ['show', 'Second-one']), { checkpoint: second, changes });
    assert.deepEqual(await json(documents.changes, ['changes', 'first', '@latest']), {
      from: first.id,
      to: second.id,
      changes,
    });
    assert.deepEqual(await json(documents.changes, ['changes']), { from: second.id, to: 'now', changes: [] });
    const { diff } = await json(documents.diff, ['diff', first.id.slice(0, 6), '--', 'src']);
    assert.match(diff, /^diff --git a\/src\/a b\/src\/a\n[^]*\n-one\n\+two\n$/);
    const { versions } = await json(documents.history, ['history', 'src/a']);
    assert.deepEqual(
      versions.map(({ checkpoint, kind, entry }) => `${checkpoint.label} ${kind} ${entry?.mode} ${entry?.size}`),
      ['Second one modified 644 4', 'first added 644 4'],
    );
    assert.deepEqual(await json(documents.cat, ['cat', 'first', 'bin']), {
      checkpoint: first.id,
      path: 'bin',
      encoding: 'base64',
      content: 'AP8=',
    });
    assert.equal((await json(documents.cat, ['cat', 'first', 'to'])).content, 'run');
    const { findings } = await json(documents.doctor, ['doctor']);
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'ok'),
      [],
    );
  });

  it('answers the commands that change with documents of the stated shapes', async () => {
    const { workspace, json } = sandbox;
    await writeTree(workspace, { a: '1', gone: '1' });
    const { checkpoint: first } = await json(documents.create, ['create', 'first']);
    await writeTree(workspace, { a: '2', new: '2' });
    await removeTree(workspace, 'gone');
    const broken = await renderFolder(workspace);
    assert.deepEqual(await json(documents.changes, ['restore', 'first', '--dry-run']), {
      from: 'now',
      to: first?.id,
      changes: [
        { path: 'a', kind: 'modified' },
        { path: 'gone', kind: 'added' },
        { path: 'new', kind: 'deleted' },
      ],
    });
    const shown = await json(documents.list, ['list']);
    assert.deepEqual([await renderFolder(workspace), shown.checkpoints.length], [broken, 1]);
    const report = await json(documents.report, ['restore', 'first', '--yes']);
    assert.deepEqual([report.restored.toSorted(), report.deleted, report.failed], [['a', 'gone'], ['new'], []]);
    const [safety] = (await json(documents.list, ['list'])).checkpoints;
    assert.deepEqual([safety?.id, safety?.origin], [report.safetyCheckpoint, 'safety']);
    assert.deepEqual((await json(documents.report, ['undo', '--yes'])).deleted, ['gone']);
    assert.equal(await renderFolder(workspace), broken);
    assert.deepEqual((await json(documents.report, ['redo', '--yes'])).deleted, ['new']);
    await writeTree(workspace, { a: '3' });
    assert.deepEqual((await json(documents.report, ['revert', 'a', '--to', 'first', '--yes'])).restored, ['a']);
    assert.deepEqual(await json(documents.report, ['restore', 'first', '--yes']), {
      restored: [],
      deleted: [],
      failed: [],
      safetyCheckpoint: null,
    });
    const renamed = await json(documents.annotated, ['rename', 'first', 'A title']);
    assert.deepEqual(renamed.checkpoint, { ...first, name: 'A-title', label: 'A title' });
    assert.equal((await json(documents.annotated, ['note', 'A-title', 'text'])).checkpoint.note, 'text');
    assert.equal((await json(documents.annotated, ['pin', 'A-title'])).checkpoint.pinned, true);
    const kept = await json(documents.delete, ['delete', '--all', '--yes']);
    assert.deepEqual([kept.kept, kept.deleted.length], [[first?.id], 4]);
    assert.equal((await json(documents.annotated, ['unpin', 'A-title'])).checkpoint.pinned, false);
    const { checkpoint: second } = await json(documents.create, ['create', 'second']);
    const compacted = await json(documents.compact, ['compact', 'A-title', 'second', '--name', 'both']);
    assert.deepEqual([compacted.deleted, compacted.checkpoint.label], [[first?.id, second?.id], 'both']);
    assert.deepEqual(await json(documents.delete, ['delete', 'both', '--yes']), {
      deleted: [compacted.checkpoint.id],
      kept: [],
    });
    assert.deepEqual(await json(documents.delete, ['delete', '--all']), { deleted: [], kept: [] });
    await json(documents.doctor, ['doctor', '--repair']);
  });

  it('tells with its exit code and a document why it did nothing', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    await sandbox.json(documents.create, ['create', 'first']);
    await writeTree(sandbox.workspace, { a: '2' });
    const failing: [code: number, reason: string, ...args: string[]][] = [
      [1, 'notFound', 'show', 'none'],
      [1, 'notFound', 'cat', 'first', 'none'],
      [1, 'notFound', 'undo'],
      [1, 'notFound', 'list', '-C', 'no/such/folder'],
      [1, 'notFound', 'list', '--store', 'none'],
      [1, 'unsupported', 'create', '--stateful'],
      [1, 'unsupported', 'create', '-C', '/'],
      [2, 'usage', 'nope'],
      [2, 'usage', 'list', '--limit', '-1'],
      [2, 'usage', 'cat', 'first', '../outside'],
      [2, 'usage', 'compact', 'first', 'first'],
      [3, 'notConfirmed', 'restore', 'first'],
      [3, 'notConfirmed', 'revert', 'a'],
      [3, 'notConfirmed', 'delete', 'first'],
      [3, 'conflict', 'create', 'first'],
    ];
    const reasons = await Promise.all(
      failing.map(async ([code, , ...args]) => (await sandbox.json(documents.error, args, code)).error.reason),
    );
    assert.deepEqual(
      reasons,
      failing.map(([, reason]) => reason),
    );
    assert.equal((await sandbox.json(documents.list, ['list'])).checkpoints.length, 1);
    assert.equal(await renderFolder(sandbox.workspace), '644 a "2"');
  });

  it('takes global options before and after the command, and paths relative to the folder', async () => {
    await writeTree(sandbox.workspace, { 'sub/a': 'text' });
    await sandbox.run(['create', 'first', '-C', sandbox.workspace], { cwd: sandbox.root });
    for (const args of [
      ['-C', 'workspace', 'cat', 'first', 'sub/a'],
      ['cat', '-C', 'workspace', 'first', './sub/a'],
      ['cat', 'first', 'sub/a', `-C${sandbox.workspace}/`],
    ]) {
      const { stdout, stderr } = await sandbox.run(args, { cwd: sandbox.root });
      assert.equal(stdout.toString(), 'text', stderr);
    }
    const inSub = await sandbox.run(['list'], { cwd: `${sandbox.workspace}/sub` });
    assert.ok(
      inSub.stderr.includes(`${sandbox.workspace} has checkpoints: use -C ${sandbox.workspace}.`),
      inSub.stderr,
    );
  });

  it('keeps the settings that VS Code wrote down', async () => {
    const { dataFolder } = await openDataFolder(sandbox.workspace, sandbox.dataHome, new Date());
    await writeCaptureSettings(dataFolder, { maxUntrackedFileSize: 3, excludes: ['*.log'] });
    await writeTree(sandbox.workspace, { big: '1234', small: '123', 'x.log': 'x' });
    const { checkpoint } = await sandbox.json(documents.create, ['create']);
    assert.deepEqual(checkpoint?.skipped, [{ path: 'big', reason: 'tooLarge', size: 4 }]);
    assert.equal(checkpoint?.changes?.added, 1);
  });

  it('is not led astray by variables of git', async () => {
    await sandbox.initRepository(`${sandbox.root}/other`, { commit: true });
    const before = await renderFolder(`${sandbox.root}/other`);
    await writeTree(sandbox.workspace, { a: '1' });
    const env = {
      GIT_DIR: `${sandbox.root}/other/.git`,
      GIT_WORK_TREE: sandbox.root,
      GIT_INDEX_FILE: '/nowhere/index',
    };
    const { code, stderr } = await sandbox.run(['create', 'first'], { env });
    assert.equal(code, 0, stderr);
    assert.equal((await sandbox.run(['cat', 'first', 'a'], { env })).stdout.toString(), '1');
    assert.equal(await renderFolder(`${sandbox.root}/other`), before);
  });

  it('says what to do without git', async () => {
    await fs.mkdir(`${sandbox.root}/empty`);
    const { code, stderr } = await sandbox.run(['list'], { env: { PATH: `${sandbox.root}/empty` } });
    assert.equal(code, 1);
    assert.match(stderr, /git/);
    assert.match(stderr, /Install git/);
  });
});
