import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { findLeftovers } from '../../../src/backends/shadowGit/maintenance/leftoverFiles.ts';
import { BundledProgram } from '../../support/bundledProgram.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, type TestStore } from '../../support/shadowStore.ts';

const KILLS = 200;
const AT_ONCE = 4;
const LONGEST_LIFE_MS = 80;
/** A store is opened anew after so many kills; in between it is another window that stays open. */
const REOPENED_AFTER = 10;

/** What a killed process said: contents by id that must be there, and ids that must not. */
interface Said {
  readonly present: Map<string, string>;
  readonly deleted: Set<string>;
}

describe('the shadow store, killed at random points', () => {
  let sandbox: GitSandbox;
  let program: BundledProgram;

  before(async () => {
    sandbox = await makeGitSandbox();
    program = await BundledProgram.make('killedStore', sandbox.root);
  });

  after(() => sandbox.dispose());

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

  async function check(workspace: string, opened: TestStore, said: Said, news: Said = said): Promise<void> {
    const { store, files, create, dataFolder } = opened;
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
  }

  it('keeps every finished checkpoint, goes on at once and leaves no litter', async function () {
    this.timeout(300_000);
    const lane = async (number: number): Promise<void> => {
      const workspace = `${sandbox.root}/lane-${number}`;
      const dataHome = `${sandbox.root}/data-${number}`;
      await fs.mkdir(workspace);
      const said = nothingSaid();
      let opened = await openTestStore(workspace, dataHome);
      for (let kill = 0; kill < KILLS / AT_ONCE; kill += 1) {
        const words = await program.liveAndDie([workspace, dataHome, `k${kill}`], LONGEST_LIFE_MS);
        const news = nothingSaid();
        learn(news, words);
        learn(said, words);
        if (kill % REOPENED_AFTER === 0) {
          opened.store.dispose();
          opened = await openTestStore(workspace, dataHome);
        }
        await check(workspace, opened, said, news);
      }
      await check(workspace, opened, said);
      assert(said.present.size + said.deleted.size >= KILLS / AT_ONCE);
      opened.store.dispose();
      assert.equal(await sandbox.git(['--git-dir', opened.gitDir, 'fsck', '--strict', '--no-dangling']), '');
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => lane(number)));
  });
});
