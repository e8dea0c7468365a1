import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import fc from 'fast-check';
import type { RestoreQuestions } from '../../../src/app/restoreFiles.ts';
import { restoreCheckpoint } from '../../../src/app/restoreCheckpoint.ts';
import { undoLastRestore } from '../../../src/app/undo.ts';
import { openSession, type WorkspaceSession } from '../../../src/app/workspaceSession.ts';
import { NO_OTHER_STORES } from '../../../src/core/storeSource.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { openRestoreLog } from '../../../src/platform/restoreLogFile.ts';
import { foldersAbove } from '../../../src/platform/relativePath.ts';
import {
  at,
  file,
  folder,
  link,
  removeTree,
  renderFolder,
  writeTree,
  type NodeLiteral,
  type TreeLiteral,
} from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, type TestStore } from '../../support/shadowStore.ts';

const RUNS = 100;

const names = fc.constantFrom(
  'a',
  'b',
  'tracked',
  'nested',
  'x y',
  '"q"',
  '-n',
  ' tail ',
  'tab\tline\n',
  ':(top)x',
  '*',
  '[a]',
  'b\uDCFFd',
  'ü',
);
const path = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const modes = fc.constantFrom(0o644, 0o644, 0o755, 0o600, 0o400, 0o664);
const node: fc.Arbitrary<NodeLiteral | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.uint8Array({ maxLength: 30 }), modes).map(([bytes, mode]) => file(bytes, mode)) },
  { weight: 2, arbitrary: fc.constantFrom('a', '../outside', '../outside/secret', 'nowhere').map(link) },
  { weight: 2, arbitrary: fc.constantFrom(0o755, 0o700, 0o775).map(folder) },
  { weight: 3, arbitrary: fc.constant(undefined) },
);
const edits = fc.array(fc.tuple(path, node), { maxLength: 10 });

/** What neither a checkpoint holds nor a restore may touch. */
const UNTOUCHED: TreeLiteral = { 'x.ignored': 'precious', 'out/deep/x': file('precious', 0o600) };

const AGREES: RestoreQuestions = { saveEditors: async () => true, confirm: async () => true };

describe('The whole protocol of a restore', () => {
  let sandbox: GitSandbox;
  let opened: TestStore;
  let session: WorkspaceSession;

  before(async () => {
    sandbox = await makeGitSandbox();
    await writeTree(sandbox.root, { 'outside/secret': 'outside' });
    await writeTree(sandbox.workspace, { '.gitignore': '*.ignored\n/out/\n', tracked: 'in git', 'nested/in': 'git' });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    await sandbox.initRepository(`${sandbox.workspace}/repo`);
    await writeTree(sandbox.workspace, { 'repo/inner': 'inner', staged: 'staged', ...UNTOUCHED });
    await sandbox.git(['add', 'staged']);
    opened = await openTestStore(sandbox.workspace, sandbox.dataHome);
    const restores = openRestoreLog(opened.dataFolder, silentLog);
    session = openSession({ folder: sandbox.workspace, files: opened.store, others: NO_OTHER_STORES, restores });
  });

  after(async () => {
    session.dispose();
    await sandbox.dispose();
  });

  /** Edits that the present state does not allow, as below a file or through a link, are not done. */
  async function edit(changes: readonly (readonly [string, NodeLiteral | undefined])[]): Promise<void> {
    for (const [place, literal] of changes) {
      const stats = foldersAbove(place).map((above) => fs.lstat(at(sandbox.workspace, above)).catch(() => undefined));
      if ((await Promise.all(stats)).some((stat) => stat?.isSymbolicLink())) {
        continue;
      }
      await removeTree(sandbox.workspace, place).catch(() => undefined);
      await writeTree(sandbox.workspace, literal === undefined ? {} : { [place]: literal }).catch(() => undefined);
    }
  }

  const isGit = (place: string): boolean => place === '.git' || place === 'repo/.git';
  const files = (): Promise<string> => renderFolder(sandbox.workspace, isGit);
  const status = (): Promise<string> => sandbox.git(['--no-optional-locks', 'status', '--porcelain', '-z']);

  /** Both repositories, and what lies outside of the folder. */
  async function surroundings(): Promise<string> {
    const { mtimeMs } = await fs.stat(`${sandbox.root}/outside/secret`);
    const places = [`${sandbox.workspace}/.git`, `${sandbox.workspace}/repo/.git`, `${sandbox.root}/outside`];
    return [...(await Promise.all(places.map((place) => renderFolder(place)))), mtimeMs].join('\n');
  }

  it('goes from any state back to any checkpoint and forth, exactly, and touches nothing else', async function () {
    this.timeout(300_000);
    const around = await surroundings();
    let restored = 0;
    await fc.assert(
      fc.asyncProperty(edits, edits, fc.boolean(), async (first, then, undo) => {
        await edit(first);
        const checkpoint = await opened.create();
        const [atCheckpoint, statusThere] = [await files(), await status()];
        await edit(then);
        const [now, statusNow] = [await files(), await status()];

        const target = { checkpoint, store: opened.store };
        const outcome = await restoreCheckpoint(session, target, [], AGREES);
        assert.deepEqual(outcome.done ? outcome.report.failed : outcome.why, outcome.done ? [] : 'nothingToDo');
        assert.equal(await files(), atCheckpoint);
        assert.equal(await status(), statusThere);

        restored += outcome.done ? 1 : 0;
        if (outcome.done && undo) {
          const back = await undoLastRestore(session, AGREES);
          assert.ok(back.done && back.report.failed.length === 0);
          assert.equal(await files(), now);
          assert.equal(await status(), statusNow);
        }
        assert.equal(await surroundings(), around);
      }),
      { numRuns: RUNS },
    );
    assert.ok(restored > RUNS / 2, `only ${restored} of ${RUNS} runs restored anything`);
    assert.equal(await sandbox.git(['--git-dir', opened.gitDir, 'fsck', '--strict', '--no-dangling']), '');
    for (const [place, content] of Object.entries(UNTOUCHED)) {
      const expected = typeof content === 'string' ? content : 'precious';
      assert.equal(await fs.readFile(`${sandbox.workspace}/${place}`, 'utf8'), expected);
    }
  });
});
