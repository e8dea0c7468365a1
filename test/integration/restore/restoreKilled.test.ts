import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { BundledProgram } from '../../support/bundledProgram.ts';
import { file, folder, link, removeTree, renderFolder, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore } from '../../support/shadowStore.ts';

const KILLS = 200;
const AT_ONCE = 4;
const LONGEST_LIFE_MS = 60;

describe('A process that is killed while it restores', () => {
  let sandbox: GitSandbox;
  let program: BundledProgram;

  before(async () => {
    sandbox = await makeGitSandbox();
    program = await BundledProgram.make('killedRestore', sandbox.root);
  });

  after(() => sandbox.dispose());

  /** How many kills of these came while a restore was under way. */
  async function killInLane(workspace: string, dataHome: string, kills: number): Promise<number> {
    await fs.mkdir(workspace);
    const { create, dataFolder, store } = await openTestStore(workspace, dataHome);
    await writeTree(workspace, {
      a: '1',
      'd/e/f': '1',
      x: file('1', 0o755),
      l: link('a'),
      swap: 'file',
      none: folder(),
    });
    const here = await create('here');
    const states = new Map([[here.id, await renderFolder(workspace)]]);
    await removeTree(workspace, 'd', 'swap', 'none', 'l');
    await writeTree(workspace, { a: '2', x: file('1', 0o600), 'swap/in': '2', l: 'file', 'new/deep/y': '2' });
    const there = await create('there');
    states.set(there.id, await renderFolder(workspace));
    const restorer = requireCapability(store.capabilities.restoreFiles);

    let interruptions = 0;
    let [from, to] = [there.id, here.id];
    for (let kill = 0; kill < kills; kill += 1) {
      await program.liveAndDie([workspace, dataHome, to, from], LONGEST_LIFE_MS);
      const interrupted = await restorer.interrupted();
      if (interrupted !== undefined) {
        interruptions += 1;
        const how = kill % 2 === 0 ? 'finish' : 'rollBack';
        assert.deepEqual((await restorer.recover(how)).failed, [], how);
        const end = how === 'finish' ? interrupted.target : interrupted.now;
        assert.equal(await renderFolder(workspace), states.get(end), `kill ${kill}, ${how}`);
      }
      assert.equal(await restorer.interrupted(), undefined);
      const now = await renderFolder(workspace);
      const [at] = [...states].find(([, state]) => state === now) ?? [];
      assert.ok(at !== undefined, `kill ${kill}: ${now}`);
      [from, to] = at === here.id ? [here.id, there.id] : [there.id, here.id];
    }
    // The next use of the store clears away what the last kill left.
    await create('after');
    store.dispose();
    assert.deepEqual(
      (await fs.readdir(dataFolder)).filter((name) => name.includes('journal.jsonl.')),
      [],
    );
    return interruptions;
  }

  it('leaves what the next one ends exactly at one of both checkpoints, wherever the kill came', async function () {
    this.timeout(300_000);
    const lanes = Array.from({ length: AT_ONCE }, (_, lane) =>
      killInLane(`${sandbox.root}/lane-${lane}`, `${sandbox.root}/data-${lane}`, KILLS / AT_ONCE),
    );
    const interruptions = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
    assert.ok(interruptions > KILLS / 4, `only ${interruptions} of ${KILLS} kills came during a restore`);
  });
});
