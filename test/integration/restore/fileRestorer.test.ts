import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { requireCapability } from '../../../src/core/capabilities.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import { NOW, type RestorePlan, type RestoreReport } from '../../../src/core/restorePlan.ts';
import type { FileRestorer } from '../../../src/core/store.ts';
import { file, folder, link, removeTree, renderFolder, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, renderChanges, type TestStore } from '../../support/shadowStore.ts';

describe('Restoring files from the shadow store', () => {
  let sandbox: GitSandbox;
  let opened: TestStore;
  let restorer: FileRestorer;

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    opened = await openTestStore(sandbox.workspace, sandbox.dataHome, { maxUntrackedFileSize: 100 });
    restorer = requireCapability(opened.store.capabilities.restoreFiles);
  });

  afterEach(async () => {
    opened.store.dispose();
    await sandbox.dispose();
  });

  const shown = (): Promise<string> => renderFolder(sandbox.workspace);

  async function planBack(target: Checkpoint, ...paths: string[]): Promise<RestorePlan> {
    const safety = await opened.create('safety', { origin: 'safety', covering: target.id });
    await restorer.check(target.id);
    return restorer.plan(target.id, safety.id, paths);
  }

  async function goBack(target: Checkpoint, ...paths: string[]): Promise<RestoreReport> {
    return restorer.apply(await planBack(target, ...paths));
  }

  const renderPlan = ({ steps, refused }: RestorePlan): string[] => [
    ...renderChanges(steps),
    ...refused.map(({ path, why }) => `${why.kind} ${path}`),
  ];

  it('puts back bytes, permissions, links, empty folders and odd names, and its undo takes it back', async () => {
    const odd = ['"q"', 'tab\t', 'line\n', '-n', ' blank ', ':(top)x', '*', '[a]', 'b\uDCFFd', 'ü'];
    await writeTree(sandbox.workspace, {
      ...Object.fromEntries(odd.map((name) => [name, `content of ${name}`])),
      run: file('#!/bin/sh', 0o755),
      secret: file('secret', 0o600),
      link: link('no/where'),
      'empty/folder': folder(0o750),
      swap: 'file',
      'tree/inner': 'file in a folder',
    });
    const [first, before] = [await opened.create('first'), await shown()];
    await removeTree(sandbox.workspace, ...odd.slice(1), 'link', 'empty', 'swap', 'tree');
    await writeTree(sandbox.workspace, {
      '"q"': 'changed',
      run: file('#!/bin/sh', 0o644),
      secret: file('secret', 0o644),
      link: 'a file now',
      'swap/inner': 'a folder now',
      tree: 'a file now',
      'added/deep/new': 'new',
      'hollow/new': folder(),
    });
    const [second, after] = [await opened.create('second'), await shown()];

    assert.deepEqual((await goBack(first)).failed, []);
    assert.equal(await shown(), before);
    assert.deepEqual((await goBack(second)).failed, []);
    assert.equal(await shown(), after);
    assert.equal(await restorer.interrupted(), undefined);
  });

  it('limits the plan to files and folders, by their literal names', async () => {
    await writeTree(sandbox.workspace, { a: '1', ab: '1', 'd/x': '1', 'd/*': '1', '*': '1' });
    const first = await opened.create('first');
    await writeTree(sandbox.workspace, { a: '2', ab: '2', 'd/x': '2', 'd/*': '2', '*': '2', 'd/new': '2' });
    assert.deepEqual(renderPlan(await planBack(first, './a', '*')), ['M 644 *', 'M 644 a']);
    assert.deepEqual(renderPlan(await restorer.plan(first.id, NOW, ['d/'])), ['M 644 d/*', 'D 644 d/new', 'M 644 d/x']);
    const reasons: string[] = [];
    for (const path of ['../x', 'd/../../x', '/etc/passwd', '', 'a\0b']) {
      await restorer
        .plan(first.id, NOW, [path])
        .catch((error) => reasons.push(isCheckpointError(error) ? error.reason : ''));
    }
    assert.deepEqual(reasons, ['usage', 'usage', 'usage', 'usage', 'usage']);
  });

  it('never deletes what the ignore rules of the target leave out, nor what they protect now', async () => {
    await writeTree(sandbox.workspace, { '.gitignore': 'build/\n*.log\n', 'sub/.gitignore': 'own\n', a: '1' });
    const first = await opened.create('first');
    await writeTree(sandbox.workspace, {
      '.gitignore': 'now-ignored\n',
      'sub/.gitignore': '',
      'build/out': 'built',
      'x.log': 'log',
      'sub/own': 'own',
      'now-ignored': 'ignored',
      added: 'added',
    });
    const plan = await planBack(first);
    assert.deepEqual(renderPlan(plan), [
      'M 644 .gitignore',
      'D 644 added',
      'M 644 sub/.gitignore',
      'ignoredAtTarget build/out',
      'ignoredAtTarget sub/own',
      'ignoredAtTarget x.log',
    ]);
    await restorer.apply(plan);
    assert.equal(
      await shown(),
      [
        '644 .gitignore "build/\\n*.log\\n"',
        '644 a "1"',
        '755 build/',
        '644 build/out "built"',
        '644 now-ignored "ignored"',
        '755 sub/',
        '644 sub/.gitignore "own\\n"',
        '644 sub/own "own"',
        '644 x.log "log"',
      ].join('\n'),
    );
  });

  for (const [place, prefix] of [
    ['a repository', ''],
    ['a folder of a repository', 'pack*age/'],
  ] as const) {
    it(`never deletes what other rules leave out in ${place}, although git has come to track it`, async () => {
      const workspace = `${sandbox.workspace}/${prefix}`;
      const out = ['secret', 'a.log', 'b.tmp'];
      await writeTree(sandbox.workspace, { '.gitignore': '*.tmp\n', [`${prefix}own/.gitignore`]: 'own\n' });
      await writeTree(workspace, Object.fromEntries(['own/own', ...out].map((path) => [path, 'precious'])));
      await sandbox.initRepository(sandbox.workspace, { commit: true });
      await sandbox.git(['rm', '--quiet', '-r', '--cached', '--', 'secret', 'a.log'], { cwd: workspace });
      await fs.writeFile(`${sandbox.workspace}/.git/info/exclude`, 'secret\n');
      await fs.writeFile(`${sandbox.home}/.gitignore`, '*.log\n');
      await sandbox.git(['config', '--global', 'core.excludesFile', `${sandbox.home}/.gitignore`]);
      const store = await openTestStore(workspace, sandbox.dataHome);
      try {
        const first = await store.create('first');
        await sandbox.git(['add', '--force', '.'], { cwd: workspace });
        await writeTree(workspace, { added: 'added' });
        const safety = await store.create('safety', { origin: 'safety', covering: first.id });
        const plan = await requireCapability(store.store.capabilities.restoreFiles).plan(first.id, safety.id, []);
        assert.deepEqual(renderPlan(plan), [
          'D 644 added',
          ...[...out, 'own/own'].toSorted().map((path) => `ignoredAtTarget ${path}`),
        ]);
      } finally {
        store.store.dispose();
      }
    });
  }

  it('never deletes a file that the target had skipped, and never writes over one that is skipped now', async () => {
    await writeTree(sandbox.workspace, { shrinks: 'x'.repeat(200), a: '1' });
    const first = await opened.create('first');
    await writeTree(sandbox.workspace, { shrinks: 'small', a: '2', grows: 'y'.repeat(200) });
    assert.deepEqual(renderPlan(await planBack(first)), ['M 644 a', 'skippedAtTarget shrinks']);
  });

  it('leaves a nested clone that was made after the checkpoint with its repository', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    const first = await opened.create('first');
    await writeTree(sandbox.workspace, { 'clone/file': 'work' });
    await sandbox.initRepository(`${sandbox.workspace}/clone`, { commit: true });
    const report = await goBack(first);
    assert.deepEqual(report, { restored: [], deleted: ['clone/file'], failed: [] });
    assert.deepEqual(await fs.readdir(`${sandbox.workspace}/clone`), ['.git']);
  });

  it('refuses a plan that does not start from a safety checkpoint', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    const first = await opened.create('first');
    await writeTree(sandbox.workspace, { a: '2' });
    const plan = await restorer.plan(first.id, NOW, []);
    await assert.rejects(restorer.apply(plan), (error) => isCheckpointError(error, 'usage'));
  });

  it('refuses a target whose content is gone before anything is touched', async () => {
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await opened.create('first');
    const { content = '' } = (await opened.files.entry(first.id, 'a')) ?? {};
    await writeTree(sandbox.workspace, { a: 'two' });
    const safety = await opened.create(undefined, { origin: 'safety' });
    await fs.rm(`${opened.gitDir}/objects/${content.slice(0, 2)}/${content.slice(2)}`);
    await assert.rejects(restorer.plan(first.id, safety.id, []), (error) => isCheckpointError(error, 'corrupt'));
    assert.equal(await shown(), '644 a "two"');
  });

  it('refuses a target whose root is gone before anything is captured', async () => {
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await opened.create('first');
    const root = (
      await sandbox.git(['--git-dir', opened.gitDir, 'rev-parse', `refs/checkpoints/${first.id}^{tree}`])
    ).trim();
    await fs.rm(`${opened.gitDir}/objects/${root.slice(0, 2)}/${root.slice(2)}`);
    await assert.rejects(restorer.check(first.id), (error) => isCheckpointError(error, 'corrupt'));
  });

  it('never writes to the repository of the user', async () => {
    await writeTree(sandbox.workspace, { a: '1', '.gitattributes': '* text eol=crlf\n' });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    const first = await opened.create('first');
    const before = await renderFolder(`${sandbox.workspace}/.git`);
    await writeTree(sandbox.workspace, { a: '2\n', b: '2' });
    await goBack(first);
    assert.equal(await renderFolder(`${sandbox.workspace}/.git`), before);
    assert.equal(await fs.readFile(`${sandbox.workspace}/a`, 'utf8'), '1');
  });
});
