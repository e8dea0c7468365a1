import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type CommandLineSandbox, MAIN, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { documents } from '../../support/commandLineSchemas.ts';
import { renderFolder, writeTree } from '../../support/folderTree.ts';

describe('the command line as a server for agents', function () {
  this.timeout(60_000);
  let sandbox: CommandLineSandbox;
  const clients: Client[] = [];

  beforeEach(async () => {
    sandbox = await makeCommandLineSandbox();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await sandbox.dispose();
  });

  async function connect(...options: string[]): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' });
    clients.push(client);
    const args = [MAIN, 'mcp', '-C', sandbox.workspace, ...options];
    // Without this, the client's library hands on only some variables of the environment.
    const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
    return client;
  }

  async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
    const { content } = await client.callTool({ name, arguments: args });
    return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('');
  }

  async function labels(): Promise<readonly string[]> {
    const { checkpoints } = await sandbox.json(documents.list, ['list']);
    return checkpoints.map(({ label }) => label);
  }

  it('lets an agent create, review, revert, restore and undo by itself', async () => {
    const { workspace } = sandbox;
    const client = await connect('--agents', 'allow');
    await writeTree(workspace, { 'src/a.txt': 'one\n', 'b.txt': 'b\n' });
    await call(client, 'snapshots_create', { name: 'before the work' });
    const before = await renderFolder(workspace);
    await writeTree(workspace, { 'src/a.txt': 'two\n', 'c.txt': 'c\n' });
    assert.match(await call(client, 'snapshots_changes'), /\nmodified {2}src\/a\.txt$/m);
    assert.match(await call(client, 'snapshots_diff', { paths: ['src'] }), /^-one\n\+two$/m);
    assert.match(await call(client, 'snapshots_revert', { path: `${workspace}/src/a.txt` }), /"action":"restored"/);
    assert.match(await call(client, 'snapshots_restore', { checkpoint: 'before the work' }), /"deleted":\["c\.txt"\]/);
    assert.equal(await renderFolder(workspace), before);
    await call(client, 'snapshots_undo');
    await call(client, 'snapshots_undo');
    assert.match(await renderFolder(workspace), /644 c\.txt "c\\n".*644 src\/a\.txt "two\\n"/s);
  });

  it('asks for what an agent cannot ask the user, and leaves everything as it is', async () => {
    const client = await connect();
    await writeTree(sandbox.workspace, { 'a.txt': 'one' });
    await call(client, 'snapshots_create', { name: 'first' });
    await writeTree(sandbox.workspace, { 'a.txt': 'two' });
    assert.match(await call(client, 'snapshots_restore', { checkpoint: 'first' }), /^The user has to agree to this/);
    assert.deepEqual([await renderFolder(sandbox.workspace), await labels()], ['644 a.txt "two"', ['first']]);
  });

  it('works ten at a time on one folder, and goes on after one was killed', async () => {
    await writeTree(sandbox.workspace, { 'a.txt': 'one' });
    const servers = await Promise.all(Array.from({ length: 10 }, () => connect()));
    const doomed = sandbox.start(['mcp']);
    doomed.child.kill('SIGKILL');
    await once(doomed.child, 'exit');
    await Promise.all(servers.map((client, index) => call(client, 'snapshots_create', { name: `agent ${index}` })));
    assert.deepEqual(
      (await labels()).toSorted(),
      servers.map((_, index) => `agent ${index}`),
    );
  });

  it('says on its error output why it cannot serve a folder', async () => {
    const { code, stdout, stderr } = await sandbox.run(['mcp', '-C', `${sandbox.workspace}/missing`]);
    assert.deepEqual([code, stdout.toString()], [1, '']);
    assert.match(stderr, /^checkpoints: The folder ".*missing" does not exist\./);
  });

  it('ends when it is told to', async () => {
    const { child, finished } = sandbox.start(['mcp']);
    child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n');
    await once(child.stdout!, 'data');
    child.kill('SIGTERM');
    assert.equal((await finished).code, 130);
  });
});
