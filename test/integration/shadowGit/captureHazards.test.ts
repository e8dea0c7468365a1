import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { createServer } from 'node:net';
import { refuseHugeFolders } from '../../../src/backends/shadowGit/capture/workspaceGuard.ts';
import { makeCaptureBench, renderState, settledClock } from '../../support/captureBench.ts';
import type { CaptureBench } from '../../support/captureBench.ts';
import { file, folder, link, renderFolder, removeTree, writeTree } from '../../support/folderTree.ts';
import type { TreeLiteral } from '../../support/folderTree.ts';

describe('a capture on difficult ground', () => {
  let bench: CaptureBench;
  let newest: string | undefined;
  beforeEach(async () => {
    newest = undefined;
    bench = await makeCaptureBench({ clock: settledClock });
  });
  afterEach(() => bench.dispose());

  async function captured(tree: TreeLiteral = {}, ...removed: string[]): Promise<string[]> {
    await removeTree(bench.workspace, ...removed);
    await writeTree(bench.workspace, tree);
    newest = (await bench.capture(newest === undefined ? {} : { previous: newest })).root;
    return (await renderState(bench.repository, newest)).split('\n');
  }

  it('follows rules that come, go and are tracked against', async () => {
    assert.deepEqual(await captured({ 'a.o': 'object', 'sub/b.o': 'object', c: 'c' }), [
      '644 a.o "object"',
      '644 c "c"',
      '644 sub/b.o "object"',
    ]);
    assert.deepEqual(await captured({ '.gitignore': '*.o\n' }), [
      '644 .gitignore "*.o\\n"',
      '644 c "c"',
      '755 sub/ (empty)',
    ]);
    await bench.sandbox.initRepository();
    await bench.sandbox.git(['add', '--force', 'a.o']);
    assert.deepEqual(await captured(), [
      '644 .gitignore "*.o\\n"',
      '644 a.o "object"',
      '644 c "c"',
      '755 sub/ (empty)',
    ]);
    assert.deepEqual((await captured({ 'a.o': 'changed' }))[1], '644 a.o "changed"');
    await bench.sandbox.git(['rm', '--quiet', '--force', '--cached', 'a.o']);
    assert.deepEqual(await captured(), ['644 .gitignore "*.o\\n"', '644 c "c"', '755 sub/ (empty)']);
    assert.deepEqual(await captured({}, '.gitignore'), ['644 a.o "changed"', '644 c "c"', '644 sub/b.o "object"']);
    bench.settings.excludes.push('/sub/', '*.o', '!a.o');
    assert.deepEqual(await captured(), ['644 a.o "changed"', '644 c "c"']);
    bench.settings.excludes.length = 0;
    assert.deepEqual(await captured(), ['644 a.o "changed"', '644 c "c"', '644 sub/b.o "object"']);
  });

  it('skips and reports files over the limit that are not tracked, and keeps those of exactly the limit', async () => {
    bench.settings.maxUntrackedFileSize = 5;
    assert.deepEqual(await captured({ fits: '12345', big: '123456', grows: '1' }), [
      '644 fits "12345"',
      '644 grows "1"',
      'skipped big (tooLarge)',
    ]);
    await bench.sandbox.initRepository();
    await bench.sandbox.git(['add', 'big', 'grows']);
    assert.deepEqual(await captured({ grows: '123456789', other: '123456789' }), [
      '644 big "123456"',
      '644 fits "12345"',
      '644 grows "123456789"',
      'skipped other (tooLarge)',
    ]);
    bench.settings.maxUntrackedFileSize = 4;
    assert.deepEqual(await captured(), [
      '644 big "123456"',
      '644 grows "123456789"',
      'skipped fits (tooLarge)',
      'skipped other (tooLarge)',
    ]);
    bench.settings.maxUntrackedFileSize = 100;
    assert.equal((await captured()).filter((line) => line.startsWith('skipped')).length, 0);
  });

  it('captures what a covered state holds even where it is ignored or too large now, once', async () => {
    await captured({ 'out/x': 'old', big: '1', way: 'file', 'deep/file': 'd' });
    const target = newest as string;
    bench.settings.maxUntrackedFileSize = 12;
    await captured(
      { '.gitignore': 'out/\ndeep\n', big: '123456789012345', 'out/x': 'new', 'out/y': 'y', deep: 'in the way' },
      'deep',
    );
    const before = newest as string;
    const { root } = await bench.capture({ previous: before, covering: target });
    assert.deepEqual((await renderState(bench.repository, root)).split('\n'), [
      '644 .gitignore "out/\\ndeep\\n"',
      '644 big "123456789012345"',
      '644 deep "in the way"',
      '644 out/x "new"',
      '644 way "file"',
    ]);
    newest = root;
    assert.deepEqual(await captured(), ['644 .gitignore "out/\\ndeep\\n"', '644 way "file"', 'skipped big (tooLarge)']);
  });

  it('reports sockets and pipes, as long as they are there', async () => {
    await writeTree(bench.workspace, { a: 'a', new: folder() });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(`${bench.workspace}/new/socket`, resolve));
    try {
      assert.deepEqual(await captured(), ['644 a "a"', '755 new/ (empty)', 'skipped new/socket (socket)']);
      assert.deepEqual(await captured({ 'new/b': 'b' }), ['644 a "a"', '644 new/b "b"', 'skipped new/socket (socket)']);
      assert.deepEqual(await captured({ 'new/c': 'c' }), [
        '644 a "a"',
        '644 new/b "b"',
        '644 new/c "c"',
        'skipped new/socket (socket)',
      ]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    assert.deepEqual(await captured(), ['644 a "a"', '644 new/b "b"', '644 new/c "c"']);
  });

  it('reports what cannot be read, captures the rest, and has it again when it can be read', async () => {
    await captured({ a: 'a', shut: folder(0o755), 'shut/known': 'k', closed: 'c' });
    await asOrdinaryUser(bench.sandbox.root, async () => {
      const denied = await captured({
        'shut/unknown': 'u',
        'new/x': 'x',
        closed: file('c', 0),
        shut: folder(0),
        new: folder(0),
      });
      assert.deepEqual(denied, [
        '644 a "a"',
        'skipped closed (unreadable)',
        'skipped new (unreadable)',
        'skipped shut (unreadable)',
        'skipped shut/known (unreadable)',
      ]);
      await Promise.all(['closed', 'shut', 'new'].map((path) => fs.chmod(`${bench.workspace}/${path}`, 0o700)));
      assert.deepEqual(await captured({ closed: file('c', 0o600), shut: folder(), new: folder() }), [
        '644 a "a"',
        '600 closed "c"',
        '644 new/x "x"',
        '644 shut/known "k"',
        '644 shut/unknown "u"',
      ]);
    });
  });

  it('never reads through a folder that became a symlink', async () => {
    await captured({ 'sub/a': 'inside', 'sub/b': 'inside' });
    await writeTree(bench.sandbox.root, { 'outside/a': 'secret', 'outside/c': 'secret' });
    assert.deepEqual(await captured({ sub: link('../outside') }, 'sub'), ['link sub -> ../outside']);
    assert.deepEqual(await captured({ 'sub/c': 'back' }, 'sub'), ['644 sub/c "back"']);
  });

  it('captures nested repositories by content, again and again, without touching them', async () => {
    await bench.sandbox.initRepository();
    await writeTree(bench.workspace, { 'nested/a': 'a', 'nested/in/b': 'b', top: 't' });
    await bench.sandbox.initRepository(`${bench.workspace}/nested`, { commit: true });
    await bench.sandbox.initRepository(`${bench.workspace}/nested/in`);
    const git = (): Promise<string> =>
      renderFolder(bench.workspace, (path) => !path.includes('.git') && /\/?(a|b|c|top|x\d+)$/.test(path));
    const before = await git();
    assert.deepEqual(await captured(), ['644 nested/a "a"', '644 nested/in/b "b"', '644 top "t"']);
    assert.deepEqual(await captured({ 'nested/in/c': 'c', 'nested/a': 'A' }), [
      '644 nested/a "A"',
      '644 nested/in/b "b"',
      '644 nested/in/c "c"',
      '644 top "t"',
    ]);
    assert.equal(await git(), before);
    // So many paths that the index is written with entries inside of the nested repositories.
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, number) => [`nested/in/x${number}`, `${number}`]));
    assert.equal((await captured(many)).length, 254);
    assert.deepEqual(
      (await captured({ 'nested/in/x0': 'changed', 'nested/in/y': 'new' }, 'nested/in/x1')).filter((line) =>
        /x[01] |y /.test(line),
      ),
      ['644 nested/in/x0 "changed"', '644 nested/in/y "new"'],
    );
  });

  it('reads a file of many megabytes piece by piece, and one that is unchanged only once', async () => {
    bench.settings.maxUntrackedFileSize = 100 << 20;
    const content = Buffer.alloc(20 << 20, 'a line of a large file\n');
    const lines = await captured({ large: content });
    assert.match(lines[0] ?? '', /^644 large \(20971520 bytes, /);
    content[5] = 0;
    assert.notDeepEqual(await captured({ large: content }), lines);
    assert.equal((await bench.store('fsck', '--strict', '--no-dangling')).trim(), '');
  });

  it('takes nothing over from variables and configuration that redirect git or run programs', async () => {
    await bench.sandbox.initRepository();
    const marker = `${bench.sandbox.root}/ran`;
    for (const [key, value] of Object.entries({
      'core.fsmonitor': `touch ${marker}; false`,
      'core.hooksPath': `${bench.sandbox.root}/hooks`,
      'filter.bad.clean': `touch ${marker}; cat`,
      'filter.bad.process': `touch ${marker}; cat`,
      'core.worktree': bench.workspace,
      'core.fileMode': 'false',
      'core.ignoreCase': 'true',
    })) {
      await bench.sandbox.git(['config', key, value]);
      await bench.sandbox.git(['config', '--global', key, value]);
    }
    await writeTree(bench.workspace, { '.gitattributes': '* filter=bad text eol=lf\n', a: 'one\r\n', A: 'upper\n' });
    await fs.rm(marker, { force: true });
    process.env['GIT_DIR'] = `${bench.workspace}/.git`;
    process.env['GIT_INDEX_FILE'] = `${bench.sandbox.root}/elsewhere`;
    process.env['GIT_WORK_TREE'] = '/';
    const lines = ['644 .gitattributes "* filter=bad text eol=lf\\n"', '644 A "upper\\n"', '644 a "one\\r\\n"'];
    assert.deepEqual(await captured(), lines);
    assert.deepEqual(await captured({ a: file('one\r\n', 0o755) }), [...lines.slice(0, 2), '755 a "one\\r\\n"']);
    await assert.rejects(fs.stat(marker));
  });

  for (const [how, place] of [
    ['', ''],
    [', although it is named through a symlink', '../way/'],
  ]) {
    it(`leaves out its own data when that lies inside of the folder${how}`, async () => {
      await fs.symlink(bench.workspace, `${bench.workspace}/../way`);
      const inside = await makeCaptureBench({
        sandbox: bench.sandbox,
        dataHome: `${bench.workspace}/${place}.data`,
        clock: settledClock,
      });
      await writeTree(bench.workspace, { a: 'a' });
      const first = await inside.capture();
      assert.equal((await inside.capture({ previous: first.root })).root, first.root);
      assert.equal(await renderState(inside.repository, first.root), '644 a "a"');
      inside.repository.dispose();
    });
  }

  it('refuses the folder that all data is in, the data of a folder, and the home folder behind a symlink', async () => {
    const { sandbox } = bench;
    const home = `${sandbox.root}/real home`;
    await fs.rename(sandbox.home, home);
    await fs.symlink(home, sandbox.home);
    for (const workspace of [sandbox.dataHome, bench.repository.dataFolder, bench.repository.gitDir, home]) {
      const unfit = await makeCaptureBench({ sandbox, workspace });
      await assert.rejects(unfit.capture(), { reason: 'unsupported' }, workspace);
      unfit.repository.dispose();
    }
  });

  it('reads everything again when what it kept is damaged, and comes to the same state', async () => {
    await captured({ a: 'a', 'sub/b': file('b', 0o640), hollow: folder() });
    const { dataFolder } = bench.repository;
    const damages = [
      () => fs.rm(`${dataFolder}/index`, { force: true }),
      () => fs.appendFile(`${dataFolder}/index`, 'more'),
      () => fs.writeFile(`${dataFolder}/capture.json`, '{"format":1,'),
      () => fs.rm(`${bench.repository.gitDir}/refs/snapshot-timeline/capture`),
    ];
    for (const damage of damages) {
      await damage();
      const { root } = await bench.capture({ previous: newest as string });
      assert.equal(root, newest);
    }
  });

  it('stops when it is told to, leaves nothing behind, and works the next time', async () => {
    await writeTree(
      bench.workspace,
      Object.fromEntries(Array.from({ length: 800 }, (_, number) => [`f${number}`, `${number}`])),
    );
    const stop = new AbortController();
    const context = { signal: stop.signal, onProgress: () => stop.abort() };
    const { Capturer } = await import('../../../src/backends/shadowGit/capture/capture.ts');
    const capturer = new Capturer(bench.repository, () => bench.settings);
    await assert.rejects(capturer.capture({}, context), { reason: 'cancelled' });
    assert.doesNotMatch(await renderFolder(bench.repository.gitDir), /tmp_/);
    assert.equal((await captured()).length, 800);
  });

  for (const [refused, home] of [
    ['/', '/home/me'],
    ['/home', '/home/me'],
    ['/home/me', '/home/me'],
    ['/usr', '/root'],
  ] as const) {
    it(`refuses ${refused} with the home folder ${home}`, () => {
      assert.throws(() => refuseHugeFolders(refused, home), { reason: 'unsupported' });
    });
  }

  it('accepts a project in the home folder', () => {
    refuseHugeFolders('/home/me/project', '/home/me');
  });
});

const NOBODY = 65534;

/** The superuser may read everything: there, `action` runs as somebody who owns `root` but may not. */
async function asOrdinaryUser(root: string, action: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) {
    return action();
  }
  await chownAll(root);
  process.seteuid?.(NOBODY);
  try {
    await action();
  } finally {
    process.seteuid?.(0);
  }
}

async function chownAll(path: string): Promise<void> {
  await fs.lchown(path, NOBODY, NOBODY);
  if ((await fs.lstat(path)).isDirectory()) {
    await Promise.all((await fs.readdir(path)).map((name) => chownAll(`${path}/${name}`)));
  }
}
