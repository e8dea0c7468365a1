import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { CheckpointRefs } from '../../../src/backends/shadowGit/checkpoints/checkpointRefs.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import { removeTree, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore } from '../../support/shadowStore.ts';
import { skip } from '../../tools/skip.ts';

const DISK_BYTES = 4 << 20;

describe('the shadow store on a full disk', () => {
  let sandbox: GitSandbox;

  before(async function () {
    sandbox = await makeGitSandbox();
    await fs.mkdir(sandbox.dataHome, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', sandbox.dataHome], { stdio: 'pipe' });
    } catch {
      await sandbox.dispose();
      skip(this, 'a small disk can be mounted by root on Linux only');
    }
  });

  after(async () => {
    // A process that was told to end may still be about to.
    execFileSync('umount', ['--lazy', sandbox.dataHome], { stdio: 'pipe' });
    await sandbox.dispose();
  });

  it('says so, keeps what it had and goes on when there is space again', async () => {
    const { create, labels, files, store, dataFolder, gitDir } = await openTestStore(
      sandbox.workspace,
      sandbox.dataHome,
    );
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    const big = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`big${n}`, randomBytes(1 << 20)]));
    await writeTree(sandbox.workspace, big);
    await assert.rejects(create('too much'), (error) => {
      assert(isCheckpointError(error, 'commandFailed'));
      assert.equal(error.message, 'There is no space left on the disk that holds the checkpoints.');
      return true;
    });
    assert.deepEqual(await labels(), ['first']);
    assert.equal(Buffer.from(await files.read(first.id, 'a')).toString(), 'one');
    await removeTree(sandbox.workspace, ...Object.keys(big));
    await writeTree(sandbox.workspace, { a: 'two' });
    const second = await create('second');
    assert.equal(Buffer.from(await files.read(second.id, 'a')).toString(), 'two');
    const { findings } = await requireCapability(store.capabilities.maintain).examine();
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'ok').map(({ code }) => code),
      ['freeSpace'],
    );
    assert.equal(await sandbox.git(['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling']), '');
    const used = (await fs.statfs(dataFolder)).blocks - (await fs.statfs(dataFolder)).bfree;
    assert(used * (await fs.statfs(dataFolder)).bsize < DISK_BYTES / 2);
    store.dispose();
  });

  for (const kind of ['loose', 'packed']) {
    it(`still deletes when not a byte is left, with ${kind} refs`, async () => {
      const { create, dataFolder, gitDir, labels, store } = await openTestStore(sandbox.workspace, sandbox.dataHome);
      try {
        const before = await labels();
        const gone = await create(`${kind} that goes`);
        await create(`${kind} that stays`);
        if (kind === 'packed') {
          await new CheckpointRefs(gitDir).packWhenMany(0);
        }
        await fillDisk(`${dataFolder}/full`);
        await requireCapability(store.capabilities.delete)([gone.id]);
        assert.deepEqual(await labels(), [`${kind} that stays`, ...before]);
        await fs.rm(`${dataFolder}/full`);
        await create(`${kind} again`);
        assert.doesNotMatch((await fs.readdir(dataFolder)).join(), /tmp/);
      } finally {
        store.dispose();
      }
    });
  }

  it('keeps every checkpoint when a repack finds no space', async () => {
    const { create, dataFolder, files, gitDir, store } = await openTestStore(sandbox.workspace, sandbox.dataHome);
    try {
      const { repair } = requireCapability(store.capabilities.maintain);
      await writeTree(sandbox.workspace, { large: randomBytes(1 << 20) });
      const made = await create('large');
      await fillDisk(`${dataFolder}/full`);
      await assert.rejects(repair());
      await fs.rm(`${dataFolder}/full`);
      assert.equal((await files.read(made.id, 'large')).length, 1 << 20);
      assert.deepEqual(
        (await repair()).findings.filter(({ severity }) => severity !== 'ok').map(({ code }) => code),
        ['freeSpace'],
      );
      assert.equal(await sandbox.git(['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling']), '');
    } finally {
      store.dispose();
    }
  });
});

async function fillDisk(path: string): Promise<void> {
  for (const size of [1 << 16, 1]) {
    const write = async (): Promise<never> => {
      for (;;) {
        await fs.appendFile(path, randomBytes(size));
      }
    };
    await assert.rejects(write(), { code: 'ENOSPC' });
  }
}
