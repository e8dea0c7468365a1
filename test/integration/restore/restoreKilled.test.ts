import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { promises as fs } from 'node:fs';
import { build } from 'esbuild';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { file, folder, link, removeTree, renderFolder, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, type TestStore } from '../../support/shadowStore.ts';

const KILLS = 40;
const LONGEST_LIFE_MS = 60;

describe('A process that is killed while it restores', () => {
  let sandbox: GitSandbox;
  let program: string;
  let opened: TestStore;

  before(async () => {
    sandbox = await makeGitSandbox();
    program = `${sandbox.root}/killedRestore.mjs`;
    await build({
      entryPoints: [new URL('../../support/killedRestore.ts', import.meta.url).pathname],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    opened = await openTestStore(sandbox.workspace, sandbox.dataHome);
  });

  after(async () => {
    opened.store.dispose();
    await sandbox.dispose();
  });

  it('leaves what the next one ends exactly at one of both checkpoints, wherever the kill came', async function () {
    this.timeout(180_000);
    const { workspace, dataHome } = sandbox;
    await writeTree(workspace, {
      a: '1',
      'd/e/f': '1',
      x: file('1', 0o755),
      l: link('a'),
      swap: 'file',
      none: folder(),
    });
    const here = await opened.create('here');
    const states = new Map([[here.id, await renderFolder(workspace)]]);
    await removeTree(workspace, 'd', 'swap', 'none', 'l');
    await writeTree(workspace, { a: '2', x: file('1', 0o600), 'swap/in': '2', l: 'file', 'new/deep/y': '2' });
    const there = await opened.create('there');
    states.set(there.id, await renderFolder(workspace));
    const restorer = requireCapability(opened.store.capabilities.restoreFiles);
    await restorer.apply(await restorer.plan(here.id, there.id, []));

    let interruptions = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = spawn(process.execPath, [program, workspace, dataHome, here.id, there.id], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      setTimeout(() => child.kill('SIGKILL'), Math.random() * LONGEST_LIFE_MS);
      await once(child, 'close');
      const interrupted = await restorer.interrupted();
      if (interrupted !== undefined) {
        interruptions += 1;
        const how = kill % 2 === 0 ? 'finish' : 'rollBack';
        assert.deepEqual((await restorer.recover(how)).failed, [], how);
        const end = how === 'finish' ? interrupted.target : interrupted.now;
        assert.equal(await renderFolder(workspace), states.get(end), `kill ${kill}, ${how}`);
      }
      assert.ok([...states.values()].includes(await renderFolder(workspace)));
      assert.equal(await restorer.interrupted(), undefined);
      const safety = await opened.create(undefined, { origin: 'safety' });
      await restorer.apply(await restorer.plan(here.id, safety.id, []));
    }
    assert.ok(interruptions > KILLS / 4, `only ${interruptions} of ${KILLS} kills came during a restore`);
    assert.deepEqual(
      (await fs.readdir(opened.dataFolder)).filter((name) => name.includes('journal.jsonl.')),
      [],
    );
  });
});
