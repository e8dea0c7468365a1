import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { renderFolder, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, type TestStore } from '../../support/shadowStore.ts';
import { skip } from '../../tools/skip.ts';

describe('a folder that was renamed', () => {
  let sandbox: GitSandbox;
  let renamed: string;
  let opened: TestStore[];

  beforeEach(async function () {
    sandbox = await makeGitSandbox();
    opened = [];
    renamed = `${sandbox.root}/moved/renamed`;
    await fs.mkdir(`${sandbox.root}/moved`);
    if ((await fs.stat(sandbox.workspace, { bigint: true })).birthtimeNs === 0n) {
      await sandbox.dispose();
      skip(this, 'this file system does not tell when a folder was made');
    }
  });

  afterEach(async () => {
    opened.forEach(({ store }) => store.dispose());
    await sandbox.dispose();
  });

  async function open(workspace: string): Promise<TestStore> {
    const store = await openTestStore(workspace, sandbox.dataHome);
    opened.push(store);
    return store;
  }

  async function codes({ store }: TestStore, verb: 'examine' | 'repair'): Promise<string[]> {
    const { findings } = await requireCapability(store.capabilities.maintain)[verb]();
    return findings.filter(({ severity }) => severity !== 'ok').map(({ severity, code }) => `${severity} ${code}`);
  }

  async function saveTwo(): Promise<string> {
    const before = await open(sandbox.workspace);
    await writeTree(sandbox.workspace, { a: 'one', 'sub/b': 'b' });
    await before.create('first');
    await writeTree(sandbox.workspace, { a: 'two' });
    await before.create('second');
    before.store.dispose();
    return before.dataFolder;
  }

  it('finds the checkpoints of a folder that was moved, and adopts them when it is told to', async () => {
    const old = await saveTwo();
    await fs.rename(sandbox.workspace, renamed);
    const after = await open(renamed);
    assert.deepEqual([await after.labels(), await codes(after, 'examine')], [[], ['warning movedFolder']]);
    assert.deepEqual(await after.labels(), [], 'looking changes nothing');

    assert.deepEqual(await codes(after, 'repair'), []);
    const [second, first] = await after.store.list();
    assert.deepEqual([second?.label, first?.label], ['second', 'first']);
    assert.equal(Buffer.from(await after.files.read(first!.id, 'a')).toString(), 'one');
    await assert.rejects(fs.stat(old), { code: 'ENOENT' });

    const restorer = requireCapability(after.store.capabilities.restoreFiles);
    const safety = await after.create('safety', { origin: 'safety', covering: first!.id });
    await restorer.apply(await restorer.plan(first!.id, safety.id, []));
    assert.equal(await renderFolder(renamed), '644 a "one"\n755 sub/\n644 sub/b "b"');
    assert.deepEqual(await (await open(renamed)).labels(), ['second', 'first']);
  });

  it('is not taken for a copy, a new folder of the old name, or one that has checkpoints of its own', async () => {
    await saveTwo();
    const copy = `${sandbox.root}/copy`;
    await fs.cp(sandbox.workspace, copy, { recursive: true });
    assert.deepEqual(await codes(await open(copy), 'repair'), []);

    await fs.rename(sandbox.workspace, renamed);
    const copied = await open(copy);
    assert.deepEqual([await codes(copied, 'repair'), await copied.labels()], [[], []]);

    await fs.mkdir(sandbox.workspace);
    assert.deepEqual(await codes(await open(renamed), 'examine'), []);
    await fs.rmdir(sandbox.workspace);

    const after = await open(renamed);
    await after.create('own');
    assert.deepEqual([await codes(after, 'repair'), await after.labels()], [[], ['own']]);
  });
});
