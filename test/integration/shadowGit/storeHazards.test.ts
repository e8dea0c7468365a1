import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { requireCapability } from '../../../src/core/capabilities.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import type { DoctorReport } from '../../../src/core/store.ts';
import { removeTree, folder, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, renderChanges, type TestStore, type TestStoreOptions } from '../../support/shadowStore.ts';

const HOUR_MS = 3_600_000;

describe('the shadow store, year in, year out', () => {
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

  /** Makes everything below a folder look as if it had been there for two hours. */
  async function age(place: string): Promise<void> {
    const time = new Date(Date.now() - 2 * HOUR_MS);
    for (const name of await fs.readdir(place, { recursive: true })) {
      await fs.lutimes(join(place, name), time, time);
    }
  }

  for (const mode of [0o755, 0o700, 0o775]) {
    it(`lists folders only when they are empty or change their bits, in a folder of mode ${mode.toString(8)}`, async () => {
      await fs.chmod(sandbox.workspace, mode);
      const { create, files } = await open();
      await writeTree(sandbox.workspace, { a: '1', 'old/x': '1', shut: folder(), 'shut/x': '1', tight: folder() });
      const first = await create('first');
      await removeTree(sandbox.workspace, 'old');
      await writeTree(sandbox.workspace, { 'new/deep/x': '2', 'private/x': '2', private: folder(0o710) });
      await writeTree(sandbox.workspace, { hollow: folder(0o701), shut: folder(0o750), 'tight/x': '2' });
      const second = await create('second');
      const listed = ['A 701 hollow/', 'A 644 new/deep/x', 'D 644 old/x', 'A 644 private/x', 'M 755→750 shut/'];
      assert.deepEqual(renderChanges(await files.changes(first.id, second.id)), [...listed, 'A 644 tight/x']);
      const back = renderChanges(await files.changes(second.id, first.id));
      assert.deepEqual(
        back.filter((line) => line.endsWith('/')),
        ['D 701 hollow/', 'M 750→755 shut/'],
      );
    });
  }

  it('keeps the checkpoints that an interrupted restore needs to be ended', async () => {
    const { create, store, dataFolder, labels } = await open();
    const made: Checkpoint[] = [];
    for (const content of ['1', '2', '3', '4']) {
      await writeTree(sandbox.workspace, { a: content });
      made.push(await create(content));
    }
    const [free, target, now, other] = made.map(({ id }) => id) as [string, string, string, string];
    const header = { format: 1, id: '0123456789abcdef', target, now, startedAt: '2026-01-01T00:00:00Z', steps: [] };
    await fs.writeFile(`${dataFolder}/restore-journal.jsonl`, `${JSON.stringify(header)}\n`);
    const [remove, compact] = [
      requireCapability(store.capabilities.delete),
      requireCapability(store.capabilities.compact),
    ];
    await assert.rejects(remove([free, target]), { reason: 'conflict' });
    await assert.rejects(remove([now]), { reason: 'conflict' });
    await assert.rejects(compact([now, other], 'both'), { reason: 'conflict' });
    assert.deepEqual(await labels(), ['4', '3', '2', '1']);
    await remove([free]);
    const restorer = requireCapability(store.capabilities.restoreFiles);
    assert.equal((await restorer.interrupted())?.target, target);
    await restorer.recover('finish');
    await remove([target, now]);
    assert.deepEqual(await labels(), ['4']);
  });

  it('lists checkpoints whose ref was torn, and writes the refs again', async () => {
    const { create, gitDir, store } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    await create('second');
    await requireCapability(store.capabilities.annotate)(first.id, { label: 'renamed' });
    const ref = `${gitDir}/refs/checkpoints/${first.id}`;
    const whole = await fs.readFile(ref, 'utf8');
    for (const torn of ['', whole.slice(0, 20), '\0'.repeat(41)]) {
      await fs.writeFile(ref, torn);
      const again = await open();
      const { examine, repair } = requireCapability(again.store.capabilities.maintain);
      assert.deepEqual(troubles(await examine()), ['warning tornRef', 'warning journal']);
      assert.deepEqual(troubles(await repair()), []);
      assert.equal(await fs.readFile(ref, 'utf8'), whole);
      assert.deepEqual(await again.labels(), ['second', 'renamed']);
    }
    await fs.writeFile(ref, '');
    assert.deepEqual(await (await open()).labels(), ['second', 'renamed']);
    assert.equal(await fs.readFile(ref, 'utf8'), whole);
  });

  it('names a checkpoint whose ref was torn together with the journal, and lets it be deleted', async () => {
    const { create, gitDir, dataFolder } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    await create('second');
    await fs.writeFile(`${gitDir}/refs/checkpoints/${first.id}`, '');
    await fs.rm(`${dataFolder}/journal.jsonl`);
    const again = await open();
    assert.deepEqual(await again.labels(), ['second']);
    const { examine } = requireCapability(again.store.capabilities.maintain);
    assert.deepEqual(troubles(await examine()), ['error missingObject']);
    await requireCapability(again.store.capabilities.delete)([first.id]);
    assert.deepEqual(troubles(await examine()), []);
  });

  it('finds and removes what a process left in the data folder that was killed outside of the lock, once it is old', async () => {
    const { create, dataFolder, store } = await open();
    await create('first');
    await writeTree(dataFolder, {
      'scratch-a1b2c3/.gitignore': '*',
      'lock.0011.tmp': '{}',
      'lock.claim-aa.bb-cc.tmp': '{}',
      'workspace.json.00.tmp': '{',
    });
    const { examine, repair } = requireCapability(store.capabilities.maintain);
    assert.deepEqual(troubles(await examine()), []);
    await age(dataFolder);
    assert.deepEqual(troubles(await examine()), ['warning leftovers']);
    assert.deepEqual(troubles(await repair()), []);
    assert.doesNotMatch((await fs.readdir(dataFolder)).join(), /scratch|tmp/);
  });
});
