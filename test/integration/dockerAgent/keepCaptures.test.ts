import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { restoreCheckpoint, revertFiles } from '../../../src/app/restoreCheckpoint.ts';
import { previewRestore, type RestoreQuestions } from '../../../src/app/restoreFiles.ts';
import { undoLastRestore } from '../../../src/app/undo.ts';
import { openSession, type WorkspaceSession } from '../../../src/app/workspaceSession.ts';
import { NO_OTHER_STORES } from '../../../src/core/storeSource.ts';
import { type DockerAgent, makeDockerAgent, type OpenedCaptures, openCaptures } from '../../support/dockerAgent.ts';
import { file, folder, removeTree, renderContent, renderFolder, writeTree } from '../../support/folderTree.ts';
import { type GitSandbox, makeGitSandbox } from '../../support/gitSandbox.ts';
import { memoryRestoreLog } from '../../support/inMemoryStore.ts';
import { renderOutcome, renderPlan } from '../../support/memorySession.ts';

const AGREES: RestoreQuestions = { saveEditors: async () => true, confirm: async () => true };

describe('Keeping and restoring captures of docker-agent', () => {
  let sandbox: GitSandbox;
  let agent: DockerAgent;
  let captures: OpenedCaptures;
  let session: WorkspaceSession;

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    agent = await makeDockerAgent(sandbox);
    captures = await openCaptures(sandbox);
    session = openSession({
      folder: sandbox.workspace,
      files: captures.own.store,
      others: { ...NO_OTHER_STORES, stores: [captures.store] },
      restores: memoryRestoreLog(),
    });
  });

  afterEach(async () => {
    session.dispose();
    captures.dispose();
    await sandbox.dispose();
  });

  async function save(minutesAgo: number, tree: Parameters<typeof writeTree>[1], ...removed: string[]) {
    await removeTree(sandbox.workspace, ...removed);
    await writeTree(sandbox.workspace, tree);
    return agent.capture(minutesAgo);
  }

  async function found(id: string) {
    const checkpoint = (await captures.store.list()).find((each) => each.id === id);
    assert.ok(checkpoint !== undefined);
    return { checkpoint, store: captures.store };
  }

  async function plan(id: string): Promise<string> {
    return renderPlan(await previewRestore(await found(id), []));
  }

  const folderText = () => renderFolder(sandbox.workspace, (path) => path === '.git');

  /** Every file of their repository and of the user's with its bytes, mode and time. */
  async function theirs(): Promise<string> {
    const texts = [agent.gitDir, `${sandbox.workspace}/.git`].map(async (top) => {
      const names = (await fs.readdir(top, { recursive: true })).toSorted();
      const lines = names.map(async (name) => {
        const facts = await fs.lstat(`${top}/${name}`);
        const content = facts.isFile() ? renderContent(await fs.readFile(`${top}/${name}`)) : '';
        return `${facts.mode.toString(8)} ${facts.mtimeMs} ${name} ${content}`;
      });
      return (await Promise.all(lines)).join('\n');
    });
    return (await Promise.all(texts)).join('\n');
  }

  it('makes one checkpoint of ours of a capture, at its place in time, that outlives it', async () => {
    const first = await save(60, { a: '1', 'd/b': '1' });
    await save(0, { a: '2' });
    await captures.own.create('now');
    const kept = await captures.keep(first);
    const { name, origin, exactTime, changes, note } = kept;
    assert.deepEqual(
      { name, origin, exactTime, changes, note },
      {
        name: 'docker-agent-capture',
        origin: 'foreign',
        exactTime: false,
        changes: { added: 2, modified: 0, deleted: 0 },
        note: `Tree ${first}.`,
      },
    );
    assert.deepEqual(await captures.keep(first), kept);
    assert.deepEqual(
      (await captures.own.store.list()).map(({ label, changes: counts }) => [label, counts]),
      [
        ['now', { added: 0, modified: 1, deleted: 0 }],
        ['docker-agent capture', { added: 2, modified: 0, deleted: 0 }],
      ],
    );
    await fs.rm(agent.gitDir, { recursive: true });
    assert.equal(Buffer.from(await captures.own.files.read(kept.id, 'd/b')).toString('utf8'), '1');
    await sandbox.git(['--git-dir', captures.own.gitDir, 'fsck', '--strict', '--no-dangling']);
  });

  it('keeps captures between those that are there, in the order of time', async () => {
    const ids = [await save(50, { a: '1' }), await save(40, { a: '2' }), await save(30, { a: '3' })];
    for (const index of [1, 2, 0]) {
      await captures.keep(ids[index] ?? '');
    }
    const texts = (await captures.own.store.list()).map(({ id }) => captures.own.files.read(id, 'a'));
    assert.deepEqual(
      (await Promise.all(texts)).map(String),
      ['3', '2', '1'].map((text) => String(Buffer.from(text))),
    );
  });

  it('restores a capture, undoes that, and writes nothing to any other repository', async () => {
    const first = await save(20, { a: '1', 'x y/"t"\t': '1', turn: '1', run: file('#!', 0o755) });
    await save(10, { a: '2', 'turn/inner': '2', new: '2', run: file('#!', 0o644) }, 'turn', 'x y');
    await agent.cleanUp();
    await writeTree(sandbox.workspace, { a: 'mine' });
    const [before, others] = [await folderText(), await theirs()];
    assert.equal(await plan(first), '~a -new ~run +turn -turn/inner +x y/"t"\t');
    const outcome = await restoreCheckpoint(session, await found(first), [], AGREES);
    assert.equal(
      renderOutcome(outcome),
      'restored a, restored run, restored turn, restored x y/"t"\t, deleted new, deleted turn/inner',
    );
    const restored = await folderText();
    assert.equal(
      restored,
      ['644 a "1"', '755 run "#!"', '644 turn "1"', '755 "x y"/', ''].join('\n') + restored.split('\n').at(-1),
    );
    await undoLastRestore(session, AGREES);
    assert.equal(await folderText(), before);
    assert.equal(await theirs(), others);
  });

  it('leaves alone what a capture cannot tell of', async () => {
    const large = Buffer.alloc(2 * 1024 * 1024 + 1, 'x');
    await sandbox.initRepository(`${sandbox.workspace}/nested`);
    await writeTree(sandbox.workspace, { 'nested/in': '1' });
    await sandbox.git(['add', '--all'], { cwd: `${sandbox.workspace}/nested` });
    await sandbox.git(['commit', '-qm', 'in'], { cwd: `${sandbox.workspace}/nested` });
    const first = await save(10, {
      a: '1',
      secret: file('1', 0o600),
      large,
      empty: folder(0o700),
      'wide/x': file('1', 0o666),
    });
    await writeTree(sandbox.workspace, {
      a: file('2', 0o640),
      secret: file('2', 0o600),
      'nested/in': '2',
      'nested/new': '2',
    });
    assert.equal(await plan(first), '~a ~secret (kept large: skippedAtTarget)');
    await restoreCheckpoint(session, await found(first), [], AGREES);
    const lines = (await renderFolder(sandbox.workspace, (path) => path.endsWith('.git'))).split('\n');
    assert.deepEqual(
      lines.map((line) => line.replace(/\(.*\)/, '(large)')),
      [
        '640 a "1"',
        '700 empty/',
        '644 large (large)',
        '755 nested/',
        '644 nested/in "2"',
        '644 nested/new "2"',
        '600 secret "1"',
        '755 wide/',
        '666 wide/x "1"',
      ],
    );
  });

  it('does not write files back in the form that filters and attributes of git gave them', async () => {
    await writeTree(sandbox.workspace, {
      '.gitattributes': '*.bin filter=lfs\n*.bat text eol=crlf\n*.txt text eol=lf\n',
      'a.bat': 'one\r\n',
      'b.txt': 'one\n',
    });
    await sandbox.git(['config', '--global', 'filter.lfs.clean', 'tr a-z A-Z']);
    const first = await save(10, { 'c.bin': 'content' });
    await writeTree(sandbox.workspace, { 'a.bat': 'two\r\n', 'b.txt': 'two\n', 'c.bin': 'other' });
    assert.equal(await plan(first), '~b.txt (kept a.bat: skippedAtTarget) (kept c.bin: skippedAtTarget)');
  });

  it('reverts one file, and covers what is ignored today', async () => {
    const first = await save(10, { 'log/x': 'old', a: '1' });
    await writeTree(sandbox.workspace, { '.gitignore': 'log\n', 'log/x': 'precious', a: '2' });
    assert.equal(await plan(first), '-.gitignore ~a ~log/x');
    const outcome = await revertFiles(session, await found(first), ['log/x'], AGREES);
    assert.equal(renderOutcome(outcome), 'restored log/x');
    await undoLastRestore(session, AGREES);
    assert.equal(await fs.readFile(`${sandbox.workspace}/log/x`, 'utf8'), 'precious');
  });

  it('previews without leaving anything behind', async () => {
    const first = await save(10, { a: '1' });
    await writeTree(sandbox.workspace, { a: '2' });
    const before = await folderText();
    assert.equal(await plan(first), '~a');
    assert.deepEqual([await folderText(), await captures.own.labels()], [before, []]);
  });
});
