import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { StoreRepacker } from '../../../src/backends/shadowGit/maintenance/repackStore.ts';
import { openShadowRepository, type ShadowRepository } from '../../../src/backends/shadowGit/git/shadowRepository.ts';
import { NOW } from '../../../src/core/restorePlan.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { createProcessRunner } from '../../../src/platform/processRunner.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { writeTree } from '../../support/folderTree.ts';
import { openTestStore, renderChanges, type TestStore } from '../../support/shadowStore.ts';

describe('the repack of a store', () => {
  let sandbox: GitSandbox;
  let test: TestStore;
  let repository: ShadowRepository;

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    test = await openTestStore(sandbox.workspace, sandbox.dataHome);
    const runner = createProcessRunner();
    const { dataFolder } = test;
    repository = await openShadowRepository({ dataFolder, workspace: sandbox.workspace, runner, log: silentLog });
  });

  afterEach(async () => {
    repository.dispose();
    test.store.dispose();
    await sandbox.dispose();
  });

  /** `loose, packs, kept packs`, after making sure that nothing is missing. */
  async function counted(): Promise<string> {
    assert.equal(await sandbox.git(['--git-dir', test.gitDir, 'fsck', '--strict', '--no-dangling']), '');
    const names = await fs.readdir(`${test.gitDir}/objects`, { recursive: true });
    const loose = names.filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(name)).length;
    const [packs, kept] = ['.pack', '.keep'].map((end) => names.filter((name) => name.endsWith(end)).length);
    return `${loose > 0 ? 'loose' : 'none loose'}, ${packs} packs, ${kept} kept`;
  }

  async function bytesIn(place: string): Promise<number> {
    const names = await fs.readdir(place, { recursive: true });
    const stats = await Promise.all(names.map((name) => fs.lstat(`${place}/${name}`)));
    return stats.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
  }

  async function createSome(count: number): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      await writeTree(sandbox.workspace, { file: `${Math.random()}` });
      await test.create();
    }
  }

  it('packs loose objects, and every checkpoint stays complete', async () => {
    await createSome(4);
    const before = await test.files.history('file');
    assert.equal(await counted(), 'loose, 0 packs, 0 kept');
    await new StoreRepacker(repository).run();
    assert.equal(await counted(), 'none loose, 1 packs, 0 kept');
    assert.deepEqual(await test.files.history('file'), before);
    await createSome(1);
  });

  it('joins packs when there are many', async () => {
    const repacker = new StoreRepacker(repository);
    for (let round = 0; round < 30; round += 1) {
      await createSome(1);
      await sandbox.git(['--git-dir', test.gitDir, 'repack', '-d', '-n', '-q']);
    }
    assert((await repacker.need()) >= 1);
    await repacker.run();
    assert.equal(await counted(), 'none loose, 1 packs, 0 kept');
    assert((await repacker.need()) < 1);
  });

  it('is needed with many loose objects of our own and many deletions', async () => {
    const repacker = new StoreRepacker(repository);
    await createSome(2);
    assert((await repacker.need()) < 1);
    await fs.mkdir(`${test.gitDir}/objects/00`, { recursive: true });
    for (let number = 0; number < 20; number += 1) {
      await fs.writeFile(`${test.gitDir}/objects/00/${String(number).padStart(38, '0')}`, '');
    }
    assert((await repacker.need()) >= 1);
    await fs.rm(`${test.gitDir}/objects/00`, { recursive: true });
    await repacker.noteDeletions(31);
    assert((await repacker.need()) < 1);
    await repacker.noteDeletions(1);
    assert((await repacker.need()) >= 1);
    await repacker.run();
    assert((await repacker.need()) < 1);
  });

  it('drops what comparisons with the folder as it was left behind, however little or large, once it is an hour old', async () => {
    const [checkpoint, repacker] = [await test.create(), new StoreRepacker(repository)];
    for (let look = 0; look < 32; look += 1) {
      assert((await repacker.need()) < 1);
      await writeTree(sandbox.workspace, { big: randomBytes(100_000) });
      await test.files.changes(checkpoint.id, NOW);
    }
    assert((await repacker.need()) >= 1);
    await repacker.run();
    assert((await bytesIn(test.dataFolder)) > 32 * 100_000);
    assert((await repacker.need()) < 1, 'what is too young to go does not call for the next repack');
    const time = new Date(Date.now() - 2 * 3_600_000);
    for (const name of await fs.readdir(`${test.gitDir}/objects`, { recursive: true })) {
      await fs.utimes(`${test.gitDir}/objects/${name}`, time, time);
    }
    for (let look = 0; look < 32; look += 1) {
      await repacker.notePassing();
    }
    await repacker.run();
    assert((await bytesIn(test.dataFolder)) < 6 * 100_000);
    assert.deepEqual(renderChanges(await test.files.changes(checkpoint.id, NOW)), ['A 644 big']);
  });

  it('leaves packs alone that are shared with the user’s repository, until they are ours alone', async () => {
    await writeTree(sandbox.workspace, { a: 'one', b: 'two' });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    await sandbox.git(['repack', '-a', '-d', '-q']);
    await createSome(2);
    const repacker = new StoreRepacker(repository);
    assert.equal(await counted(), 'loose, 1 packs, 1 kept');
    await repacker.run();
    assert.equal(await counted(), 'none loose, 2 packs, 1 kept');
    assert((await repacker.need()) < 1);
    await fs.rm(`${sandbox.workspace}/.git`, { recursive: true });
    assert((await repacker.need()) >= 1);
    await repacker.run();
    assert.equal(await counted(), 'none loose, 1 packs, 0 kept');
    await createSome(1);
  });
});
