import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { planPrune, prune } from '../../../src/app/prune.ts';
import { openSession } from '../../../src/app/workspaceSession.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { bytesOfEach, type DiskUse } from '../../../src/core/diskUse.ts';
import { DEFAULT_RETENTION } from '../../../src/core/retention.ts';
import { NO_OTHER_STORES } from '../../../src/core/storeSource.ts';
import { folderBytes } from '../../../src/backends/shadowGit/maintenance/diskUse.ts';
import { StoreRepacker } from '../../../src/backends/shadowGit/maintenance/repackStore.ts';
import { openShadowRepository } from '../../../src/backends/shadowGit/git/shadowRepository.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { createProcessRunner } from '../../../src/platform/processRunner.ts';
import { writeTree } from '../../support/folderTree.ts';
import { type GitSandbox, makeGitSandbox } from '../../support/gitSandbox.ts';
import { memoryRestoreLog } from '../../support/inMemoryStore.ts';
import { openTestStore, type TestStore } from '../../support/shadowStore.ts';

const KIB = 1024;

describe('The disk use of a store', () => {
  let sandbox: GitSandbox;
  let test: TestStore;

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    test = await openTestStore(sandbox.workspace, sandbox.dataHome);
  });

  afterEach(async () => {
    test.store.dispose();
    await sandbox.dispose();
  });

  const measure = (): Promise<DiskUse> => requireCapability(test.store.capabilities.maintain).diskUse();

  /** Text that hardly compresses. */
  const text = (kibibytes: number): string => randomBytes((kibibytes * KIB * 3) / 4).toString('base64');

  const repackAll = async (): Promise<void> => {
    const { dataFolder } = test;
    const runner = createProcessRunner();
    const repository = await openShadowRepository({ dataFolder, workspace: sandbox.workspace, runner, log: silentLog });
    await new StoreRepacker(repository).repackAll();
    repository.dispose();
  };

  it('tells for each checkpoint what only it holds, and what several hold together', async () => {
    const [own, shared] = [text(200), text(400)];
    await writeTree(sandbox.workspace, { stays: text(100) });
    const a = await test.create('a');
    await writeTree(sandbox.workspace, { own, 'deep/shared': shared });
    const b = await test.create('b');
    await rm(`${sandbox.workspace}/own`);
    const c = await test.create('c');
    await rm(`${sandbox.workspace}/deep`, { recursive: true });
    const d = await test.create('d');
    await writeTree(sandbox.workspace, { 'back/again': own });
    const e = await test.create('e');

    const { parts, bytes } = await measure();
    const inKib = (size: number | undefined): number => Math.round((size ?? 0) / KIB / 10) * 10;
    const largest = parts
      .filter(({ bytes: size }) => size > 50 * KIB)
      .map(
        (part) =>
          `${part.holders.map((id) => [a, b, c, d, e].find((each) => each.id === id)?.label).join('')} ${inKib(part.bytes)}`,
      );
    assert.deepEqual(largest.toSorted(), ['abcde 80', 'bc 300', 'be 150']);
    assert.ok(bytes > 500 * KIB);
    const each = bytesOfEach(parts);
    assert.deepEqual(
      [a, b, c, d, e].filter(({ id }) => (each.get(id) ?? 0) > 5 * KIB),
      [],
    );

    await requireCapability(test.store.capabilities.delete)([b.id, e.id]);
    const left = await measure();
    assert.equal(inKib(left.parts.reduce((sum, part) => sum + part.bytes, 0)), 380);
  });

  it('is only that of the empty store while there is no checkpoint', async () => {
    assert.deepEqual((await measure()).parts, []);
  });

  it('stays below 15 KiB for each of a thousand checkpoints of three changed files, and a cap frees bytes', async function () {
    this.timeout(580_000);
    const folders = Array.from({ length: 20 }, (_, number) => `src/folder${number}`);
    const files = Object.fromEntries(
      folders.flatMap((folder) => [0, 1, 2, 3, 4].map((n) => [`${folder}/${n}.ts`, text(4)])),
    );
    await writeTree(sandbox.workspace, files);
    await test.create('first');
    await repackAll();
    const before = await folderBytes(test.dataFolder);
    const names = Object.keys(files);
    for (let number = 1; number <= 1000; number += 1) {
      const changed = [0, 1, 2].map((n) => names[(number * 7 + n * 31) % names.length] ?? '');
      for (const name of changed) {
        files[name] = `${files[name]?.slice(40) ?? ''}${text(0.05)}`;
      }
      await writeTree(sandbox.workspace, Object.fromEntries(changed.map((name) => [name, files[name] ?? ''])));
      await test.create(`${number}`, { origin: 'auto' });
    }
    await repackAll();
    const full = await folderBytes(test.dataFolder);
    const each = (full - before) / 1000;
    assert.ok(each <= 15 * KIB, `${Math.round(each)} bytes per checkpoint`);

    const { parts } = await measure();
    const held = parts.reduce((sum, part) => sum + part.bytes, 0);
    const session = openSession({
      folder: sandbox.workspace,
      files: test.store,
      others: NO_OTHER_STORES,
      restores: memoryRestoreLog(),
    });
    const rules = { ...DEFAULT_RETENTION, maxCount: Infinity, maxBytes: held / 2 };
    const plan = await planPrune(session, rules, new Date());
    assert.ok(plan.removed.length > 100 && plan.removed.length < 900, `${plan.removed.length} removed`);
    await prune(session, plan);
    await repackAll();
    const left = (await measure()).parts.reduce((sum, part) => sum + part.bytes, 0);
    const freed = full - (await folderBytes(test.dataFolder));
    assert.ok(left <= rules.maxBytes * 1.1, `${left} bytes are left of ${held}`);
    assert.ok(freed > held / 4, `${freed} bytes were freed of ${held}`);
    assert.deepEqual((await planPrune(session, { ...rules, maxBytes: rules.maxBytes * 1.1 }, new Date())).removed, []);
  });
});
