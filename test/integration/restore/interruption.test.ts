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
    [now, target] = [await contents.capture(await fresh(NOW)), await contents.capture(await fresh(TARGET))];
    expected.finish = await renderFolder(workspace());
    await fresh(NOW);
    expected.rollBack = await renderFolder(workspace());
    steps = differenceOf(now, target);
  });

  after(() => fs.rm(root, { recursive: true, force: true }));

  const workspace = (): string => `${root}/workspace`;
  const journalFile = (): string => `${root}/journal`;

  async function fresh(tree: TreeLiteral): Promise<string> {
    await fs.rm(workspace(), { recursive: true, force: true });
    await fs.mkdir(workspace());
    await writeTree(workspace(), tree);
    return workspace();
  }

  /** Runs the steps, or goes on with them, until they are done or the given operation is reached. */
  async function run(direction: Recovery, journal: RestoreJournal, haltAt?: number, resumed = true): Promise<number> {
    const halting = new HaltingFiles(haltAt);
    const notes = {
      finished: halting.counted(async (path: string) => (resumed ? undefined : journal.finished(path))),
      making: halting.counted((path: string) => journal.making(path)),
    };
    const [way, to] = direction === 'finish' ? [steps, target] : [reversed(steps), now];
    const options = { files: halting.files, notes, ...(resumed ? { resumed: journal } : {}) };
    const done = applySteps(workspace(), contents, way, to, options).then(async (report) => {
      assert.deepEqual(report.failed, []);
      await journal.close();
    });
    await Promise.race([done, halting.halted]);
    await halting.dispose();
    await journal.letGo();
    return halting.operations;
  }

  async function begin(haltAt?: number): Promise<number> {
    await fresh(NOW);
    const journal = await RestoreJournal.begin(journalFile(), {
      format: 1,
      id: TEST_RESTORE_ID,
      target: 'target',
      now: 'now',
      startedAt: '2026-01-01T00:00:00.000Z',
      steps,
    });
    return run('finish', journal, haltAt, false);
  }

  async function recover(how: Recovery, haltAt?: number): Promise<number> {
    const journal = await RestoreJournal.find(journalFile());
    assert.ok(journal, 'the journal is there');
    return run(how, journal, haltAt);
  }

  it('ends exactly at the target or exactly where it began, whichever operation it was killed at', async function () {
    this.timeout(180_000);
    const total = await begin();
    assert.ok(total > 200, `only ${total} operations`);
    for (let haltAt = 1; haltAt <= total; haltAt += 1) {
      const how: Recovery = haltAt % 2 === 0 ? 'finish' : 'rollBack';
      await begin(haltAt);
      await recover(how);
      assert.equal(await renderFolder(workspace()), expected[how], `killed at operation ${haltAt}, then ${how}`);
    }
  });

  it('ends so as well when the recovery is killed, and the other way is taken then', async () => {
    const total = await begin();
    for (let haltAt = 3; haltAt <= total; haltAt += 9) {
      const ways: readonly Recovery[] = haltAt % 2 === 0 ? ['finish', 'rollBack'] : ['rollBack', 'finish'];
      await begin(haltAt);
      await recover(ways[0]!, (haltAt * 7) % 150);
      const journal = await RestoreJournal.find(journalFile());
      const how = journal === undefined ? ways[0]! : ways[1]!;
      if (journal !== undefined) {
        await recover(how);
      }
      assert.equal(
        await renderFolder(workspace()),
        expected[how],
        `killed at operation ${haltAt}, then ${ways.join()}`,
      );
    }
  });

  it('leaves alone what somebody has edited after the kill, and says so', async () => {
    const total = await begin();
    await begin(Math.floor(total / 2));
    await fs.writeFile(`${workspace()}/edited`, 'edited by hand');
    const journal = await RestoreJournal.find(journalFile());
    const report = await applySteps(workspace(), contents, steps, target, { resumed: journal! });

    assert.deepEqual(report.failed, [
      { path: 'edited', reason: 'It was changed after the safety checkpoint was made.' },
    ]);
    assert.equal(await fs.readFile(`${workspace()}/edited`, 'utf8'), 'edited by hand');
  });
});
