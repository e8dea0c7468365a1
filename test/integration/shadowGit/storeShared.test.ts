import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, type TestStore } from '../../support/shadowStore.ts';

describe('the shadow store, shared by several windows', () => {
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

  async function open(): Promise<TestStore> {
    const store = await openTestStore(sandbox.workspace, sandbox.dataHome);
    opened.push(store);
    return store;
  }

  async function fsck(gitDir: string): Promise<string> {
    return sandbox.git(['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling']);
  }

  it('makes its journal again when it is lost, torn or from another time', async () => {
    const { create, store, dataFolder } = await open();
    const journal = `${dataFolder}/journal.jsonl`;
    for (const label of ['a', 'b', 'c']) {
      await writeTree(sandbox.workspace, { file: label });
      await create(label);
    }
    const list = await store.list();
    const whole = await fs.readFile(journal, 'utf8');
    const [first = ''] = whole.split('\n');
    for (const damaged of ['', whole.slice(0, -30), `${first}\n`, `garbage\n${whole}`, '\0'.repeat(5000)]) {
      await fs.writeFile(journal, damaged);
      const again = await open();
      assert.deepEqual(await again.store.list(), list);
      await writeTree(sandbox.workspace, { file: `${damaged.length}` });
      const next = await again.create();
      assert.deepEqual(next.changes, { added: 0, modified: 1, deleted: 0 });
      await requireCapability(again.store.capabilities.delete)([next.id]);
    }
  });

  it('tells other windows of each change, and is quiet afterwards', async () => {
    const [one, two] = [await open(), await open()];
    const told = new Promise<void>((resolve) => two.store.onDidChange(() => resolve()));
    const own = new Promise<void>((resolve) => one.store.onDidChange(() => resolve()));
    const made = await one.create('seen');
    await Promise.all([told, own]);
    assert.deepEqual(await two.labels(), ['seen']);
    const toldAgain = new Promise<void>((resolve) => two.store.onDidChange(() => resolve()));
    await requireCapability(one.store.capabilities.delete)([made.id]);
    await toldAgain;
    assert.deepEqual(await two.labels(), []);
  });

  it('loses nothing when two windows create at the same time', async () => {
    const [one, two] = [await open(), await open()];
    await writeTree(sandbox.workspace, { a: 'one' });
    const series = async ({ create }: TestStore, name: string): Promise<void> => {
      for (let number = 0; number < 20; number += 1) {
        await fs.writeFile(`${sandbox.workspace}/${name}`, `${number}`);
        await create(`${name} ${number}`);
      }
    };
    await Promise.all([series(one, 'x'), series(two, 'y')]);
    const expected = Array.from({ length: 20 }, (_, number) => [`x ${number}`, `y ${number}`]).flat();
    assert.deepEqual((await (await open()).labels()).toSorted(), expected.toSorted());
    const commits = await sandbox.git([
      '--git-dir',
      one.gitDir,
      'for-each-ref',
      '--format=%(body)',
      'refs/checkpoints',
    ]);
    const numbers = [...commits.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    assert.equal(await fsck(one.gitDir), '');
  });
});
