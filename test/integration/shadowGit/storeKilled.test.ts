import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { build } from 'esbuild';
import { findLeftovers } from '../../../src/backends/shadowGit/leftoverFiles.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore } from '../../support/shadowStore.ts';

const KILLS = 200;
const AT_ONCE = 4;
const LONGEST_LIFE_MS = 120;

/** What a killed process said: contents by id that must be there, and ids that must not. */
interface Said {
  readonly present: Map<string, string>;
  readonly deleted: Set<string>;
}

describe('the shadow store, killed at random points', () => {
  let sandbox: GitSandbox;
  let program: string;

  before(async () => {
    sandbox = await makeGitSandbox();
    program = `${sandbox.root}/killedStore.mjs`;
    // A bundle starts several times faster than the sources, and the test is mostly starting.
    await build({
      entryPoints: [new URL('../../support/killedStore.ts', import.meta.url).pathname],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
  });

  after(() => sandbox.dispose());

  /** Starts the process, lets it live for a random time after its first words, kills it and returns its last words. */
  async function liveAndDie(workspace: string, dataHome: string, tag: string): Promise<string> {
    const child = spawn(process.execPath, [program, workspace, dataHome, tag], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let words = '';
    const heard = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        words += chunk.toString('utf8');
        resolve();
      });
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await Promise.race([heard, ended]);
    setTimeout(() => child.kill('SIGKILL'), Math.random() * LONGEST_LIFE_MS);
    await ended;
    return words;
  }

  function nothingSaid(): Said {
    return { present: new Map(), deleted: new Set() };
  }

  function learn(said: Said, words: string): void {
    for (const line of words.split('\n').slice(0, -1)) {
      const [verb, id = '', ...content] = line.split(' ');
      if (verb === 'created') {
        said.present.set(id, content.join(' '));
      } else if (verb === 'deleting') {
        // Whether it is still there is known only when it was said to be deleted.
        said.present.delete(id);
      } else {
        said.deleted.add(id);
      }
    }
  }

  async function check(workspace: string, dataHome: string, said: Said, news: Said = said): Promise<void> {
    const { store, files, create, dataFolder } = await openTestStore(workspace, dataHome);
    try {
      await fs.writeFile(`${workspace}/file`, 'after the kill');
      const next = await create();
      assert.equal(String(Buffer.from(await files.read(next.id, 'file'))), 'after the kill');
      const listed = new Set((await store.list()).map(({ id }) => id));
      assert.deepEqual(
        [...said.present.keys()].filter((id) => !listed.has(id)),
        [],
      );
      assert.deepEqual(
        [...said.deleted].filter((id) => listed.has(id)),
        [],
      );
      const contents = await Promise.all([...news.present.keys()].map((id) => files.read(id, 'file')));
      assert.deepEqual(
        contents.map((bytes) => Buffer.from(bytes).toString()),
        [...news.present.values()],
      );
      assert.deepEqual(await findLeftovers(dataFolder, Date.now()), []);
    } finally {
      store.dispose();
    }
  }

  it('keeps every finished checkpoint, goes on at once and leaves no litter', async function () {
    this.timeout(180_000);
    const lane = async (number: number): Promise<void> => {
      const workspace = `${sandbox.root}/lane-${number}`;
      const dataHome = `${sandbox.root}/data-${number}`;
      await fs.mkdir(workspace);
      const said = nothingSaid();
      for (let kill = 0; kill < KILLS / AT_ONCE; kill += 1) {
        const words = await liveAndDie(workspace, dataHome, `k${kill}`);
        const news = nothingSaid();
        learn(news, words);
        learn(said, words);
        await check(workspace, dataHome, said, news);
      }
      await check(workspace, dataHome, said);
      assert(said.present.size + said.deleted.size >= KILLS / AT_ONCE);
      const { gitDir, store } = await openTestStore(workspace, dataHome);
      store.dispose();
      assert.equal(await sandbox.git(['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling']), '');
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => lane(number)));
  });
});
