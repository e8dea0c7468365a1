import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import type { Change } from '../../../src/core/change.ts';
import { RestoreJournal } from '../../../src/platform/restoreJournal.ts';
import { file, folder, link, renderFolder, writeTree, type TreeLiteral } from '../../support/folderTree.ts';
import { HaltingFiles } from '../../support/haltingFiles.ts';
import {
  applySteps,
  differenceOf,
  MemoryContents,
  reversed,
  TEST_RESTORE_ID,
  type WorldState,
} from '../../support/restoreWorld.ts';

const NOW: TreeLiteral = {
  same: 'same',
  edited: 'edited now',
  'gone/deep/file': 'goes away',
  'gone/deep/link': link('file'),
  'mode.sh': file('run', 0o644),
  'private/key': file('secret', 0o600),
  becomesFolder: 'a file',
  'becomesFile/inner': 'a folder',
  becomesLink: 'a file',
  hollow: folder(0o750),
  narrow: folder(0o700),
};

const TARGET: TreeLiteral = {
  same: 'same',
  edited: file('edited before', 0o755),
  'mode.sh': file('run', 0o755),
  'private/key': file('other secret', 0o640),
  'becomesFolder/inner': 'now inside',
  becomesFile: 'a file',
  becomesLink: link('same'),
  'back/again/file': 'is back',
  'back/closed': folder(0o555),
  narrow: folder(0o775),
};

const LANES = 8;

/** What can happen after a kill: an end, or a second attempt that is killed as well. */
type Recovery = 'finish' | 'rollBack';

describe('A restore that is killed', () => {
  let root: string;
  let contents: MemoryContents;
  let now: WorldState;
  let target: WorldState;
  let steps: Change[];
  const expected: Record<Recovery, string> = { finish: '', rollBack: '' };

  before(async () => {
    root = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
    contents = new MemoryContents();
    const first = new Lane(`${root}/first`);
    [now, target] = [await contents.capture(await first.fresh(NOW)), await contents.capture(await first.fresh(TARGET))];
    expected.finish = await renderFolder(first.workspace);
    expected.rollBack = await renderFolder(await first.fresh(NOW));
    steps = differenceOf(now, target);
  });

  after(() => fs.rm(root, { recursive: true, force: true }));

  /** A folder to be restored, with its journal. */
  class Lane {
    readonly workspace: string;
    readonly #journalFile: string;

    constructor(place: string) {
      this.workspace = `${place}/workspace`;
      this.#journalFile = `${place}/journal`;
    }

    async fresh(tree: TreeLiteral): Promise<string> {
      await fs.rm(this.workspace, { recursive: true, force: true });
      await fs.mkdir(this.workspace, { recursive: true });
      await writeTree(this.workspace, tree);
      return this.workspace;
    }

    /** Begins a restore and goes on until it is done or the given operation is reached. */
    async begin(haltAt?: number): Promise<number> {
      await this.fresh(NOW);
      const journal = await RestoreJournal.begin(this.#journalFile, {
        format: 1,
        id: TEST_RESTORE_ID,
        target: 'target',
        now: 'now',
        startedAt: '2026-01-01T00:00:00.000Z',
        steps,
      });
      return this.#run('finish', journal, haltAt, false);
    }

    async recover(how: Recovery, haltAt?: number): Promise<number> {
      const journal = await this.journal();
      assert.ok(journal, 'the journal is there');
      return this.#run(how, journal, haltAt);
    }

    journal(): Promise<RestoreJournal | undefined> {
      return RestoreJournal.find(this.#journalFile);
    }

    async #run(direction: Recovery, journal: RestoreJournal, haltAt?: number, resumed = true): Promise<number> {
      const halting = new HaltingFiles(haltAt);
      const notes = {
        finished: halting.counted(async (path: string) => (resumed ? undefined : journal.finished(path))),
        making: halting.counted((path: string) => journal.making(path)),
      };
      const [way, to] = direction === 'finish' ? [steps, target] : [reversed(steps), now];
      const options = { files: halting.files, notes, ...(resumed ? { resumed: journal } : {}) };
      const done = applySteps(this.workspace, contents, way, to, options).then(async (report) => {
        assert.deepEqual(report.failed, []);
        await journal.close();
      });
      await Promise.race([done, halting.halted]);
      await halting.dispose();
      await journal.letGo();
      return halting.operations;
    }
  }

  /** Calls an action for every nth number up to a limit, in several lanes, since most of it is waiting for the disk. */
  async function forEach(
    total: number,
    step: number,
    action: (lane: Lane, number: number) => Promise<void>,
  ): Promise<void> {
    const numbers = Array.from({ length: Math.ceil(total / step) }, (_, index) => 1 + index * step);
    const work = async (lane: Lane): Promise<void> => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        await action(lane, number);
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, index) => work(new Lane(`${root}/${index}`))));
  }

  it('ends exactly at the target or exactly where it began, whichever operation it was killed at', async function () {
    this.timeout(180_000);
    const total = await new Lane(`${root}/first`).begin();
    assert.ok(total > 200, `only ${total} operations`);
    await forEach(total, 1, async (lane, haltAt) => {
      const how: Recovery = haltAt % 2 === 0 ? 'finish' : 'rollBack';
      await lane.begin(haltAt);
      await lane.recover(how);
      assert.equal(await renderFolder(lane.workspace), expected[how], `killed at operation ${haltAt}, then ${how}`);
    });
  });

  it('ends so as well when the recovery is killed, and the other way is taken then', async function () {
    this.timeout(180_000);
    const total = await new Lane(`${root}/first`).begin();
    await forEach(total, 9, async (lane, haltAt) => {
      const ways: readonly Recovery[] = haltAt % 2 === 0 ? ['finish', 'rollBack'] : ['rollBack', 'finish'];
      await lane.begin(haltAt);
      await lane.recover(ways[0]!, (haltAt * 7) % 150);
      const isOpen = (await lane.journal()) !== undefined;
      const how = isOpen ? ways[1]! : ways[0]!;
      if (isOpen) {
        await lane.recover(how);
      }
      const title = `killed at operation ${haltAt}, then ${ways.join()}`;
      assert.equal(await renderFolder(lane.workspace), expected[how], title);
    });
  });

  it('leaves alone what somebody has edited after the kill, and says so', async () => {
    const lane = new Lane(`${root}/first`);
    const total = await lane.begin();
    await lane.begin(Math.floor(total / 2));
    await fs.writeFile(`${lane.workspace}/edited`, 'edited by hand');
    const journal = await lane.journal();
    const report = await applySteps(lane.workspace, contents, steps, target, { resumed: journal! });

    assert.deepEqual(report.failed, [
      { path: 'edited', reason: 'It was changed after the safety checkpoint was made.' },
    ]);
    assert.equal(await fs.readFile(`${lane.workspace}/edited`, 'utf8'), 'edited by hand');
  });
});
