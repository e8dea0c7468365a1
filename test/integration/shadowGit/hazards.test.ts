import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { promises as fs, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ObjectWriter } from '../../../src/backends/shadowGit/git/objectWriter.ts';
import { PathReader } from '../../../src/backends/shadowGit/capture/pathReader.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { NOW } from '../../../src/core/restorePlan.ts';
import { createProcessRunner, type ProcessRunner } from '../../../src/platform/processRunner.ts';
import { WorkspaceReader, type PathStat } from '../../../src/platform/workspaceReader.ts';
import { makeCaptureBench, settledClock } from '../../support/captureBench.ts';
import { MAIN } from '../../support/commandLineProcess.ts';
import { file, renderFolder, writeOldTree, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, renderChanges, type TestStore, type TestStoreOptions } from '../../support/shadowStore.ts';
import { skip } from '../../tools/skip.ts';

describe('the shadow store, where other tools have failed', () => {
  let sandbox: GitSandbox;
  let opened: TestStore[];

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    opened = [];
  });

  afterEach(async () => {
    opened.forEach(({ store }) => store.dispose());
    await sandbox.dispose();
  });

  async function open(options?: TestStoreOptions, workspace = sandbox.workspace): Promise<TestStore> {
    const store = await openTestStore(workspace, sandbox.dataHome, options);
    opened.push(store);
    return store;
  }

  it('makes no checkpoint when any step of it fails, and a whole one the next time', async () => {
    await writeTree(sandbox.workspace, { 'sub/a': '1', b: '1' });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    await sandbox.initRepository(`${sandbox.workspace}/nested`);
    const failing = failingRunner();
    const { create, labels, files } = await open({ runner: failing.runner });
    for (let step = 1; ; step += 1) {
      await writeTree(sandbox.workspace, { 'sub/a': `${step}`, 'nested/new': `${step}` });
      failing.failAt(step);
      const made = await create(`with step ${step} failing`).catch(() => undefined);
      const reached = failing.reached();
      failing.failAt(undefined);
      if (made !== undefined) {
        assert.equal(await text(files.read(made.id, 'sub/a')), `${step}`);
        assert.equal(await text(files.read(made.id, 'nested/new')), `${step}`);
      }
      const whole = await create(`after ${step}`);
      assert.deepEqual(await files.changes(whole.id, NOW), []);
      if (!reached) {
        assert.ok(step > 3, `only ${step} steps`);
        assert.equal((await labels()).includes(`with step ${step} failing`), true);
        return;
      }
    }
  });

  it('runs nothing that is configured, and needs no identity', async () => {
    const ran = `${sandbox.root}/ran`;
    const program = `${sandbox.root}/program`;
    await fs.writeFile(program, `#!/bin/sh\ntouch ${ran}\nexit 1\n`, { mode: 0o755 });
    const hooks = ['pre-commit', 'post-index-change', 'reference-transaction', 'pre-auto-gc', 'post-checkout'];
    await writeTree(
      sandbox.root,
      Object.fromEntries(hooks.map((hook) => [`hooks/${hook}`, file(`#!${program}\n`, 0o755)])),
    );
    await writeTree(sandbox.workspace, { a: '1', 'sub/b': '1' });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    const settings = {
      'core.hooksPath': `${sandbox.root}/hooks`,
      'core.fsmonitor': program,
      'core.sshCommand': program,
      'commit.gpgSign': 'true',
      'gpg.program': program,
      'init.templateDir': `${sandbox.root}/hooks`,
      'diff.external': program,
      'core.pager': program,
      'core.alternateRefsCommand': program,
    };
    for (const [key, value] of Object.entries(settings)) {
      await sandbox.git(['config', key, value]);
      await sandbox.git(['config', '--global', key, value]);
    }
    await sandbox.git(['config', '--global', '--unset', 'user.name']);
    await sandbox.git(['config', '--global', '--unset', 'user.email']);

    const { create, store, files } = await open();
    const first = await create('first');
    await writeTree(sandbox.workspace, { a: '2' });
    const safety = await create('safety', { origin: 'safety', covering: first.id });
    const restorer = requireCapability(store.capabilities.restoreFiles);
    await restorer.apply(await restorer.plan(first.id, safety.id, []));
    for await (const chunk of files.diff(first.id, safety.id, [])) {
      assert.ok(chunk.length > 0);
    }
    await requireCapability(store.capabilities.maintain).repair();
    assert.equal(existsSync(ran), false);
  });

  it('sees edits that git is told not to look for', async () => {
    await writeOldTree(sandbox.workspace, { a: 'aaaa', run: 'x' });
    const old = new Date('2020-01-01T00:00:00Z');
    await fs.utimes(`${sandbox.workspace}/a`, old, old);
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    const settings = { 'core.trustctime': 'false', 'core.checkStat': 'minimal', 'core.fileMode': 'false' };
    for (const [key, value] of Object.entries(settings)) {
      await sandbox.git(['config', key, value]);
      await sandbox.git(['config', '--global', key, value]);
    }
    const { create, files } = await open();
    const first = await create('first');
    await fs.writeFile(`${sandbox.workspace}/a`, 'bbbb');
    await fs.utimes(`${sandbox.workspace}/a`, old, old);
    await fs.chmod(`${sandbox.workspace}/run`, 0o755);
    assert.deepEqual(renderChanges(await files.changes(first.id, NOW)), ['M 644 a', 'M 644→755 run']);
  });

  it('reads only what may have changed since the last checkpoint', async function () {
    if (!existsSync('/proc/self/io')) {
      skip(this, 'only Linux counts the bytes that a process reads');
    }
    const bench = await makeCaptureBench({ sandbox, clock: settledClock });
    const large = Array.from({ length: 20 }, (_, number): [string, Buffer] => [`large${number}`, randomBytes(1 << 20)]);
    await writeTree(sandbox.workspace, Object.fromEntries(large));
    const bytesRead = async (): Promise<number> =>
      Number(/^rchar: (\d+)/m.exec(await fs.readFile('/proc/self/io', 'utf8'))?.[1]);
    const read: number[] = [];
    // What is read twice in vain is noted in the index, so that the third time tells.
    for (let previous: string | undefined; read.length < 3;) {
      await writeTree(sandbox.workspace, { small: `changed ${read.length}` });
      const before = await bytesRead();
      previous = (await bench.capture(previous === undefined ? {} : { previous })).root;
      read.push((await bytesRead()) - before);
    }
    bench.repository.dispose();
    assert.ok(read[0]! > 20 << 20 && read[2]! < 2 << 20, read.join());
  });

  it('leaves nothing out by a list of its own', async () => {
    const { create, files } = await open();
    const paths = [
      'package-lock.json',
      'yarn.lock',
      'logo.png',
      'data.sqlite',
      'build/out.bin',
      'dist/x.zip',
      '.env',
      'a.log',
      'node_modules/m/i.js',
      'tmp/x~',
      '.DS_Store',
    ];
    await writeTree(sandbox.workspace, Object.fromEntries(paths.map((path) => [path, path])));
    const made = await create('all');
    assert.deepEqual(
      (await files.changesIn(made.id)).map(({ path }) => path),
      paths.toSorted(),
    );
  });

  it('reads a file again that changed while it was read, and says so when that never ends', async () => {
    await writeTree(sandbox.workspace, { a: 'start', big: Buffer.alloc(200_000, 'b') });
    const bench = await makeCaptureBench({ sandbox });
    const outcomes: string[] = [];
    for (const [path, edits] of [
      ['a', 2],
      ['a', 99],
      ['big', 2],
      ['big', 99],
    ] as const) {
      const writer = new ObjectWriter(bench.repository.gitDir);
      const found = await new PathReader(new BusyReader(sandbox.workspace, edits), writer).read(path, () => false);
      await writer.finish();
      const size = (await fs.stat(`${sandbox.workspace}/${path}`)).size;
      const read = found.kind === 'content' ? (await bench.repository.objects.blob(found.id)).length === size : '';
      outcomes.push(`${path} ${found.kind} ${found.kind === 'skipped' ? found.reason : read}`);
    }
    bench.repository.dispose();
    assert.deepEqual(outcomes, [
      'a content true',
      'a skipped changedWhileRead',
      'big content true',
      'big skipped changedWhileRead',
    ]);
  });

  it('starts no process any more once it is closed, whatever is still under way', async () => {
    const started: number[] = [];
    const real = createProcessRunner();
    const { create, files, store } = await open({
      runner: { ...real, start: (request) => (started.push(0), real.start(request)) },
    });
    await writeTree(sandbox.workspace, { a: '1' });
    const { id } = await create('first');
    const before = started.length;
    store.dispose();
    await assert.rejects(files.read(id, 'a'), { reason: 'cancelled' });
    assert.equal(started.length, before);
  });

  it('survives that somebody collects garbage in it', async () => {
    const { create, files, gitDir } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    await writeTree(sandbox.workspace, { a: 'two' });
    const second = await create('second');
    await sandbox.git(['--git-dir', gitDir, 'gc', '--quiet', '--prune=now', '--aggressive']);
    const again = await open();
    assert.deepEqual(await again.labels(), ['second', 'first']);
    assert.deepEqual(
      [await text(files.read(first.id, 'a')), await text(again.files.read(second.id, 'a'))],
      ['one', 'two'],
    );
    await writeTree(sandbox.workspace, { a: 'three' });
    assert.deepEqual((await again.create('third')).changes, { added: 0, modified: 1, deleted: 0 });
  });

  it('keeps linked work trees of one repository, and folders of one window, apart', async () => {
    await writeTree(sandbox.workspace, { a: 'main', 'sub/x': '1' });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    const linked = `${sandbox.root}/linked`;
    await sandbox.git(['worktree', 'add', '--quiet', linked, '-b', 'linked']);
    const [main, other, sub] = [await open(), await open({}, linked), await open({}, `${sandbox.workspace}/sub`)];
    await main.create('in main');
    const target = await other.create('in linked');
    const inner = await sub.create('in sub');
    await writeTree(linked, { a: 'edited' });
    await writeTree(sandbox.workspace, { a: 'edited too', 'sub/x': '2' });
    for (const [{ store, create }, checkpoint] of [
      [other, target],
      [sub, inner],
    ] as const) {
      const restorer = requireCapability(store.capabilities.restoreFiles);
      const safety = await create('safety', { origin: 'safety', covering: checkpoint.id });
      await restorer.apply(await restorer.plan(checkpoint.id, safety.id, []));
    }
    const git = (path: string): boolean => path === '.git';
    assert.deepEqual(await main.labels(), ['in main']);
    assert.equal(await renderFolder(linked, git), '644 a "main"\n755 sub/\n644 sub/x "1"');
    assert.equal(await renderFolder(sandbox.workspace, git), '644 a "edited too"\n755 sub/\n644 sub/x "1"');
  });

  it('keeps everything to its owner, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const { create, store, dataFolder } = await open();
      await writeTree(sandbox.workspace, { secret: file('s', 0o600) });
      await create('first');
      await requireCapability(store.capabilities.maintain).repair();
      const modes = await Promise.all(
        [dataFolder, ...(await fs.readdir(dataFolder)).map((name) => join(dataFolder, name))].map(
          async (place) => [place.slice(dataFolder.length), (await fs.stat(place)).mode & 0o077] as const,
        ),
      );
      assert.deepEqual(
        modes.filter(([, open]) => open !== 0),
        [],
      );
    } finally {
      process.umask(umask);
    }
  });

  it('loses nothing when two windows and the command line work at the same time', async () => {
    const count = 4;
    await writeTree(sandbox.workspace, { shared: 'shared' });
    const window = new URL('../../support/busyWindow.ts', import.meta.url).pathname;
    const start = async (args: readonly string[]): Promise<string> => {
      const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'], env: process.env });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 0, output);
      return output;
    };
    const windows = ['one', 'two'].map((name) =>
      start([window, sandbox.workspace, sandbox.dataHome, name, String(count)]),
    );
    const commands = Array.from({ length: count }, (_, number) =>
      start([MAIN, '-C', sandbox.workspace, '--json', 'create', `command-${number}`]),
    );
    await Promise.all([...windows, ...commands]);
    const { files, gitDir, store } = await open();
    const listed = (await store.list()).filter(({ origin }) => origin !== 'safety');
    const kept = ['one', 'two'].flatMap((name) =>
      Array.from({ length: count }, (_, number) => `${name} ${number}`).filter((_, number) => number % 3 !== 0),
    );
    const commanded = Array.from({ length: count }, (_, number) => `command-${number}`);
    assert.deepEqual(listed.map(({ label }) => label).toSorted(), [...kept, ...commanded].toSorted());
    for (const { id, label } of listed.filter((checkpoint) => !checkpoint.label.startsWith('command'))) {
      const [name = '', number] = label.split(' ');
      assert.equal(await text(files.read(id, name)), number);
    }
    assert.equal(await sandbox.git(['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling']), '');
    const { findings } = await requireCapability(store.capabilities.maintain).examine();
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'ok'),
      [],
    );
  });
});

async function text(bytes: Promise<Uint8Array>): Promise<string> {
  return Buffer.from(await bytes).toString('utf8');
}

/** A workspace in which a file is written to right after one has looked at it, so many times. */
class BusyReader extends WorkspaceReader {
  readonly #root: string;
  #edits: number;

  constructor(root: string, edits: number) {
    super(root);
    this.#root = root;
    this.#edits = edits;
  }

  override async stat(path: string): Promise<PathStat | undefined> {
    const stat = await super.stat(path);
    if (path !== '' && this.#edits > 0) {
      this.#edits -= 1;
      await fs.appendFile(`${this.#root}/${path}`, 'more');
    }
    return stat;
  }
}

/** Processes of which the nth does not do its work. */
function failingRunner() {
  const real = createProcessRunner();
  let count = 0;
  let failing: number | undefined;
  const isFailing = (): boolean => (count += 1) === failing;
  const broken = <Request extends { readonly args: readonly string[] }>(request: Request): Request =>
    isFailing() ? { ...request, args: ['no-such-command'] } : request;
  const runner: ProcessRunner = {
    run: (request) => real.run(broken(request)),
    stream: (request) => real.stream(broken(request)),
    start: (request) => real.start(broken(request)),
  };
  return {
    runner,
    failAt(step: number | undefined) {
      count = 0;
      failing = step;
    },
    reached: () => failing !== undefined && count >= failing,
  };
}
