import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { CheckpointRefs } from '../../../src/backends/shadowGit/checkpoints/checkpointRefs.ts';
import { encodeCommit } from '../../../src/backends/shadowGit/checkpoints/checkpointCommit.ts';
import { NO_EXTRAS } from '../../../src/backends/shadowGit/state/extras.ts';
import { serializeTree } from '../../../src/backends/shadowGit/git/gitObjects.ts';
import { ObjectWriter } from '../../../src/backends/shadowGit/git/objectWriter.ts';
import { writeState } from '../../../src/backends/shadowGit/state/stateTree.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import type { DoctorReport } from '../../../src/core/store.ts';
import { describeThisProcess } from '../../../src/platform/lockOwner.ts';
import { createProcessRunner, type ProcessRunner } from '../../../src/platform/processRunner.ts';
import { removeTree, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, type TestStore, type TestStoreOptions } from '../../support/shadowStore.ts';
import { metadata } from '../../support/storeLines.ts';

const HOUR_MS = 3_600_000;

describe('the shadow store, when something is wrong', () => {
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

  async function open(options?: TestStoreOptions): Promise<TestStore> {
    const store = await openTestStore(sandbox.workspace, sandbox.dataHome, options);
    opened.push(store);
    return store;
  }

  /** What is not in order, as `severity code`. */
  function troubles({ findings }: DoctorReport): string[] {
    return findings.filter(({ severity }) => severity !== 'ok').map(({ severity, code }) => `${severity} ${code}`);
  }

  async function objectFile(gitDir: string, spec: string): Promise<string> {
    const id = (await sandbox.git(['--git-dir', gitDir, 'rev-parse', spec])).trim();
    return join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
  }

  async function overwrite(path: string, bytes: Uint8Array | string): Promise<void> {
    await fs.chmod(path, 0o600);
    await fs.writeFile(path, bytes);
  }

  async function bytesIn(folder: string): Promise<number> {
    const names = await fs.readdir(folder, { recursive: true });
    const stats = await Promise.all(names.map((name) => fs.lstat(join(folder, name))));
    return stats.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
  }

  it('finds nothing wrong with a sound store', async () => {
    const { create, store } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    await create();
    const { examine } = requireCapability(store.capabilities.maintain);
    const report = await examine();
    assert.deepEqual(troubles(report), []);
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      [
        'gitVersion',
        'folderMode',
        'lock',
        'restore',
        'leftovers',
        'refs',
        'journal',
        'objects',
        'diskUse',
        'freeSpace',
      ],
    );
  });

  it('names the checkpoints with a corrupt object, and all others still work', async () => {
    const { create, gitDir, store } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    await writeTree(sandbox.workspace, { a: 'two' });
    const second = await create('second');
    await overwrite(await objectFile(gitDir, `refs/checkpoints/${first.id}:workspace/a`), 'not zlib');
    const again = await open();
    const { examine, repair } = requireCapability(again.store.capabilities.maintain);
    const { findings } = await examine();
    const messages = findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => `${code} ${message}`);
    assert.deepEqual(messages, [
      `missingObject The checkpoint ${first.id} ("first") lacks objects: it cannot be restored completely.`,
    ]);
    await assert.rejects(again.files.read(first.id, 'a'), (error) => isCheckpointError(error, 'corrupt'));
    assert.equal(Buffer.from(await again.files.read(second.id, 'a')).toString(), 'two');
    await writeTree(sandbox.workspace, { a: 'three' });
    await again.create('third');
    assert.deepEqual(troubles(await repair()), ['error missingObject']);
    assert.deepEqual(await again.labels(), ['third', 'second', 'first']);
    store.dispose();
  });

  it('finds a truncated pack, and goes on', async () => {
    const { create, gitDir, store } = await open();
    await writeTree(
      sandbox.workspace,
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, `content ${n}`])),
    );
    await create('first');
    await requireCapability(store.capabilities.maintain).repair();
    const packs = (await fs.readdir(`${gitDir}/objects/pack`)).filter((name) => name.endsWith('.pack'));
    for (const pack of packs) {
      const path = `${gitDir}/objects/pack/${pack}`;
      const bytes = await fs.readFile(path);
      await overwrite(path, bytes.subarray(0, bytes.length / 2));
    }
    assert(packs.length > 0);
    const again = await open();
    const { examine } = requireCapability(again.store.capabilities.maintain);
    assert.deepEqual(troubles(await examine()), ['error missingObject']);
    assert.deepEqual(await again.labels(), ['first']);
    await writeTree(sandbox.workspace, { f0: 'changed' });
    const next = await again.create('next');
    assert.equal(Buffer.from(await again.files.read(next.id, 'f0')).toString(), 'changed');
  });

  it('still lists the others when a commit and the journal are gone, and names the lost one', async () => {
    const { create, gitDir, dataFolder } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    await create('second');
    await fs.rm(await objectFile(gitDir, `refs/checkpoints/${first.id}`));
    assert.deepEqual(await (await open()).labels(), ['second', 'first']);
    await fs.rm(`${dataFolder}/journal.jsonl`);
    const again = await open();
    assert.deepEqual(await again.labels(), ['second']);
    const report = await requireCapability(again.store.capabilities.maintain).examine();
    assert(report.findings.some(({ message }) => message === `The checkpoint ${first.id} cannot be read at all.`));
    await requireCapability(again.store.capabilities.delete)([first.id]);
    assert.deepEqual(troubles(await requireCapability(again.store.capabilities.maintain).examine()), []);
  });

  it('names what is lost when parts of the repository itself are gone, and goes on', async () => {
    const first = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const lost = await first.create('lost');
    for (const part of ['objects', 'HEAD', 'info']) {
      await fs.rm(join(first.gitDir, part), { recursive: true });
    }
    const { create, files, store } = await open();
    const report = await requireCapability(store.capabilities.maintain).examine();
    assert.deepEqual(troubles(report), ['error missingObject']);
    await assert.rejects(files.read(lost.id, 'a'), { reason: 'corrupt' });
    assert.equal(Buffer.from(await files.read((await create('found')).id, 'a')).toString(), 'one');
  });

  it('finds and repairs leftovers, a stale lock, an open folder and an outdated journal', async () => {
    const { create, dataFolder, gitDir } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    await create('first');
    await fs.writeFile(`${gitDir}/objects/tmp_obj_1`, 'x');
    await fs.writeFile(`${gitDir}/objects/pack/tmp_pack_2`, 'x');
    await fs.writeFile(`${gitDir}/objects/pack/pack-${'a'.repeat(40)}.pack`, 'x');
    await fs.writeFile(`${dataFolder}/journal.jsonl.00.tmp`, 'x');
    await fs.rm(`${dataFolder}/journal.jsonl`);
    await fs.chmod(dataFolder, 0o755);
    const again = await open();
    const { examine, repair } = requireCapability(again.store.capabilities.maintain);
    const before = await examine();
    assert.deepEqual(troubles(before), ['warning folderMode', 'warning leftovers', 'warning journal']);
    assert(before.findings.some(({ message }) => message.startsWith('There are 4 temporary files')));
    assert.deepEqual(troubles(await repair()), []);
    await fs.writeFile(
      `${dataFolder}/lock`,
      JSON.stringify({ ...(await describeThisProcess()), pid: 1, started: '1' }),
    );
    assert.deepEqual(troubles(await examine()), ['warning staleLock']);
    await create('second');
    assert.deepEqual(troubles(await examine()), []);
  });

  it('gives the space of deleted checkpoints back, but not what is younger than an hour', async () => {
    const { create, store, dataFolder, gitDir, files } = await open();
    await writeTree(sandbox.workspace, { big: randomBytes(2 << 20), small: 'kept' });
    const first = await create('first');
    await removeTree(sandbox.workspace, 'big');
    const second = await create('second');
    await requireCapability(store.capabilities.delete)([first.id]);
    const { repair } = requireCapability(store.capabilities.maintain);
    await repair();
    assert((await bytesIn(dataFolder)) > 2 << 20);
    const old = (Date.now() - 2 * HOUR_MS) / 1000;
    for (const name of await fs.readdir(`${gitDir}/objects`, { recursive: true })) {
      await fs.utimes(`${gitDir}/objects/${name}`, old, old);
    }
    await repair();
    assert((await bytesIn(dataFolder)) < 500_000);
    assert.equal(Buffer.from(await files.read(second.id, 'small')).toString(), 'kept');
  });

  it('gives the space of deleted checkpoints back that were packed', async () => {
    const { create, store, dataFolder } = await open();
    await writeTree(sandbox.workspace, { big: randomBytes(2 << 20) });
    const first = await create('first');
    const { repair } = requireCapability(store.capabilities.maintain);
    await repair();
    await removeTree(sandbox.workspace, 'big');
    await create('second');
    await requireCapability(store.capabilities.delete)([first.id]);
    await repair();
    assert((await bytesIn(dataFolder)) < 500_000);
  });

  it('lists and creates although the journal cannot be written', async () => {
    const { create, dataFolder, labels } = await open();
    await create('first');
    await fs.rm(`${dataFolder}/journal.jsonl`);
    await fs.symlink('/no/such/folder/journal', `${dataFolder}/journal.jsonl`);
    assert.deepEqual(await labels(), ['first']);
    await create('second');
    assert.deepEqual(await labels(), ['second', 'first']);
    await fs.rm(`${dataFolder}/journal.jsonl`);
    assert.deepEqual(await (await open()).labels(), ['second', 'first']);
  });

  it('packs refs when there are many, and lists 1,000 checkpoints without a process for each', async () => {
    const { gitDir, store } = await open();
    await store.list();
    await makeCheckpoints(gitDir, 1000);
    const starts: string[] = [];
    const runner = counting(createProcessRunner(), starts);
    const counted = await open({ runner });
    assert.equal((await counted.store.list()).length, 1000);
    assert.equal((await counted.files.history('file')).length, 1000);
    assert(starts.length < 10, starts.join('\n'));
    starts.length = 0;
    const warm = await open({ runner });
    assert.equal((await warm.store.list())[0]?.label, 'cp-1000');
    assert.deepEqual((await warm.store.list())[0]?.changes, { added: 0, modified: 1, deleted: 0 });
    assert.equal((await warm.files.history('file')).length, 1000);
    assert.deepEqual(starts, ['version']);
    await warm.create('one more');
    assert.deepEqual(await fs.readdir(`${gitDir}/refs/checkpoints`), []);
    assert.equal((await (await open()).labels()).length, 1001);
  });

  /** Writes checkpoints of one file with alternating content, as the store itself would, but all at once. */
  async function makeCheckpoints(gitDir: string, count: number): Promise<void> {
    const writer = new ObjectWriter(gitDir);
    const roots: string[] = [];
    for (const content of ['one', 'two']) {
      const id = await writer.add('blob', Buffer.from(content));
      const workspaceTree = await writer.add('tree', serializeTree([{ name: 'file', mode: '100644', id }]));
      roots.push(await writeState(writer, { workspaceTree, extras: NO_EXTRAS }));
    }
    const commits: [string, string][] = [];
    for (let seq = 1; seq <= count; seq += 1) {
      const said = metadata(seq);
      commits.push([said.id, await writer.add('commit', encodeCommit(roots[seq % 2] ?? '', said))]);
    }
    await writer.finish();
    const { folder } = new CheckpointRefs(gitDir);
    await Promise.all(commits.map(([id, commit]) => fs.writeFile(join(folder, id), `${commit}\n`)));
  }

  function counting(runner: ProcessRunner, starts: string[]): ProcessRunner {
    const note = (args: readonly string[]): void => {
      starts.push(args.filter((arg) => !arg.startsWith('--git-dir')).join(' '));
    };
    return {
      run: (request) => (note(request.args), runner.run(request)),
      stream: (request) => (note(request.args), runner.stream(request)),
      start: (request) => (note(request.args), runner.start(request)),
    };
  }

  it('says what to do when git is missing or too old', async () => {
    const withGit = (version: string): ProcessRunner => ({
      ...createProcessRunner(),
      run: async () => ({ exitCode: 0, stdout: Buffer.from(version), stderr: '' }),
    });
    const missing: ProcessRunner = {
      ...createProcessRunner(),
      run: (request) => createProcessRunner().run({ ...request, command: 'no-such-git' }),
    };
    const hints = [withGit('git version 2.17.1\n'), missing].map(async (runner) =>
      open({ runner }).then(
        () => 'opened',
        (error: unknown) =>
          isCheckpointError(error, 'notInstalled') ? `${error.message} ${error.hint}` : String(error),
      ),
    );
    assert.deepEqual(await Promise.all(hints), [
      'git is too old: git version 2.17.1. Install git 2.31 or newer.',
      'git could not be started, and checkpoints of files need it. Install git 2.31 or newer and make sure that it is on the PATH.',
    ]);
  });
});
