import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type CommandLineSandbox, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { documents } from '../../support/commandLineSchemas.ts';
import { type DockerAgent, makeDockerAgent } from '../../support/dockerAgent.ts';
import { writeTree } from '../../support/folderTree.ts';

describe('The command line beside docker-agent', () => {
  let sandbox: CommandLineSandbox;
  let agent: DockerAgent;

  beforeEach(async () => {
    sandbox = await makeCommandLineSandbox();
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    agent = await makeDockerAgent(sandbox);
  });

  afterEach(() => sandbox.dispose());

  /** Two captures, and edits after them. */
  async function captureTwice(): Promise<{ first: string; second: string }> {
    await writeTree(sandbox.workspace, { a: '1\n', b: '1\n' });
    const first = await agent.capture(20);
    await writeTree(sandbox.workspace, { a: '2\n' });
    const second = await agent.capture(10);
    await writeTree(sandbox.workspace, { a: 'now\n', b: 'now\n' });
    return { first, second };
  }

  it('lists captures and looks into them', async () => {
    const { first, second } = await captureTwice();
    const { json, run } = sandbox;
    const { stores, checkpoints } = await json(documents.list, ['list']);
    assert.deepEqual(
      stores.map(({ id, backend, state }) => [id, backend, state]),
      [
        ['workspace', 'shadowGit', 'ready'],
        ['docker-agent', 'dockerAgent', 'ready'],
      ],
    );
    assert.deepEqual(
      checkpoints.map(({ id, origin, changes }) => [id, origin, changes]),
      [
        [second, 'foreign', { added: 0, modified: 1, deleted: 0 }],
        [first, 'foreign', { added: 2, modified: 0, deleted: 0 }],
      ],
    );
    assert.match((await run(['diff', first.slice(0, 12), second])).stdout.toString(), /^-1\n\+2\n$/m);
    assert.equal((await run(['cat', first, 'a'])).stdout.toString(), '1\n');
    assert.deepEqual((await json(documents.show, ['show', second])).changes, [{ path: 'a', kind: 'modified' }]);
    const { versions } = await json(documents.history, ['history', 'a']);
    assert.deepEqual(
      versions.map(({ checkpoint, kind }) => [checkpoint.id, kind]),
      [
        [second, 'modified'],
        [first, 'added'],
      ],
    );
  });

  it('reverts and restores to captures, and keeps them', async () => {
    const { first, second } = await captureTwice();
    const { json, workspace } = sandbox;
    const text = () => fs.readFile(`${workspace}/a`, 'utf8');
    const { changes } = await json(documents.changes, ['restore', first, '--dry-run']);
    assert.deepEqual(
      changes.map(({ path }) => path),
      ['a', 'b'],
    );
    assert.deepEqual((await json(documents.report, ['revert', 'b', '--to', first, '--yes'])).restored, ['b']);
    assert.deepEqual((await json(documents.report, ['restore', second, '--yes'])).restored, ['a']);
    assert.equal(await text(), '2\n');
    await json(documents.report, ['undo', '--yes']);
    assert.equal(await text(), 'now\n');
    const { checkpoint } = await json(documents.annotated, ['keep', second]);
    const again = await json(documents.annotated, ['keep', second]);
    assert.deepEqual(
      [checkpoint.store, checkpoint.label, again.checkpoint.id],
      ['workspace', 'docker-agent capture', checkpoint.id],
    );
  });

  it('refuses with a reason what only docker-agent does', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    const id = await agent.capture();
    const refused = [
      ['delete', id, '--yes'],
      ['rename', id, 'x'],
      ['pin', id],
      ['create', 'x', '--store', 'docker-agent'],
    ];
    for (const args of refused) {
      const { error } = await sandbox.json(documents.error, args, 1);
      assert.deepEqual([args[0], error.reason], [args[0], 'unsupported'], error.message);
    }
    assert.equal((await sandbox.json(documents.list, ['list'])).checkpoints.length, 1);
  });
});
