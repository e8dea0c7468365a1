import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { z } from 'zod';
import { type CommandLineSandbox, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { type DockerAgent, makeDockerAgent } from '../../support/dockerAgent.ts';
import { writeTree } from '../../support/folderTree.ts';

const anything = z.record(z.string(), z.any());

describe('The command line beside docker-agent', () => {
  let sandbox: CommandLineSandbox;
  let agent: DockerAgent;

  beforeEach(async () => {
    sandbox = await makeCommandLineSandbox();
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    agent = await makeDockerAgent(sandbox);
  });

  afterEach(() => sandbox.dispose());

  const json = (...args: string[]) => sandbox.json(anything, args);

  it('lists, compares, reverts, restores and keeps captures', async () => {
    await writeTree(sandbox.workspace, { a: '1\n', b: '1\n' });
    const first = await agent.capture(20);
    await writeTree(sandbox.workspace, { a: '2\n' });
    const second = await agent.capture(10);
    await writeTree(sandbox.workspace, { a: 'now\n', b: 'now\n' });
    assert.deepEqual(
      (await json('stores'))['stores'].map(({ id, backend, state }: Record<string, string>) => [id, backend, state]),
      [
        ['workspace', 'shadowGit', 'ready'],
        ['docker-agent', 'dockerAgent', 'ready'],
      ],
    );
    const listed = (await json('list'))['checkpoints'];
    assert.deepEqual(
      listed.map(({ id, origin, changes }: Record<string, unknown>) => [id, origin, changes]),
      [
        [second, 'foreign', { added: 0, modified: 1, deleted: 0 }],
        [first, 'foreign', { added: 2, modified: 0, deleted: 0 }],
      ],
    );
    assert.match((await sandbox.run(['diff', first.slice(0, 12), second])).stdout.toString(), /^-1\n\+2\n$/m);
    assert.equal((await sandbox.run(['cat', first, 'a'])).stdout.toString(), '1\n');
    assert.deepEqual((await json('show', second))['changes'], [{ path: 'a', kind: 'modified' }]);
    const history = (await json('history', 'a'))['versions'];
    assert.deepEqual(
      history.map((version: { checkpoint: { id: string }; kind: string }) => [version.checkpoint.id, version.kind]),
      [
        [second, 'modified'],
        [first, 'added'],
      ],
    );
    assert.deepEqual((await json('restore', first, '--dry-run'))['changes'], [
      { path: 'a', kind: 'modified' },
      { path: 'b', kind: 'modified' },
    ]);
    assert.deepEqual((await json('revert', 'b', '--to', first, '--yes'))['restored'], ['b']);
    assert.deepEqual((await json('restore', second, '--yes'))['restored'], ['a']);
    assert.equal(await fs.readFile(`${sandbox.workspace}/a`, 'utf8'), '2\n');
    await json('undo', '--yes');
    assert.equal(await fs.readFile(`${sandbox.workspace}/a`, 'utf8'), 'now\n');
    const { checkpoint } = await json('keep', second);
    const { id } = (await json('keep', second))['checkpoint'];
    assert.deepEqual([checkpoint.store, checkpoint.label, id], ['workspace', 'docker-agent capture', checkpoint.id]);
  });

  it('refuses with a reason what only docker-agent does', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    const id = await agent.capture();
    for (const args of [
      ['delete', id, '--yes'],
      ['rename', id, 'x'],
      ['pin', id],
      ['create', 'x', '--store', 'docker-agent'],
    ]) {
      const { error } = await sandbox.json(anything, args, 3).catch(() => sandbox.json(anything, args, 1));
      assert.deepEqual([args[0], error.reason], [args[0], 'unsupported'], JSON.stringify(error));
    }
    assert.equal((await json('list'))['checkpoints'].length, 1);
  });
});
