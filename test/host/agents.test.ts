import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { AGENT_TOOLS } from '../../src/agent/tools.ts';
import { mcpServers } from '../../src/vscode/agents/mcpServers.ts';
import { CheckpointTool } from '../../src/vscode/agents/languageModelTools.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

const POLICY = 'snapshotTimeline.agents.restoreAndDelete';

describe('Agents in VS Code', () => {
  let host: SurfaceUnderTest;
  const { token } = new vscode.CancellationTokenSource();

  beforeEach(async () => {
    host = await startAfresh();
  });

  afterEach(() => setPolicy(undefined));

  const setPolicy = async (policy: string | undefined): Promise<void> => {
    await vscode.workspace.getConfiguration().update(POLICY, policy, vscode.ConfigurationTarget.Global);
  };

  const call = async (name: string, input: object = {}): Promise<string> => {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
    return result.content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
  };

  /** What a person would be asked before the tool runs. */
  const question = async (name: string, input: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
    const tool = AGENT_TOOLS.find((each) => each.name === name);
    assert.ok(tool !== undefined);
    const prepared = await new CheckpointTool(host.surface, tool).prepareInvocation({ input }, token);
    const messages = prepared.confirmationMessages;
    const text = (messages?.message as vscode.MarkdownString | undefined)?.value.replaceAll('&nbsp;', ' ');
    return messages && `${messages.title}: ${text}`;
  };

  it('have all tools of the list, which work on the open folder', async () => {
    const own = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('snapshots_'));
    assert.deepEqual(own.toSorted(), AGENT_TOOLS.map(({ name }) => name).toSorted());
    host.write({ 'a.txt': 'one\n' });
    const made = JSON.parse(await call('snapshots_create', { name: 'by an agent' })) as { checkpoint: string };
    assert.deepEqual(
      host.open.checkpoints.map(({ id, label, origin }) => ({ id, label, origin })),
      [{ id: made.checkpoint, label: 'by an agent', origin: 'agent' }],
    );
    host.write({ 'a.txt': 'two\n' });
    assert.match(await call('snapshots_changes'), /modified {2}a\.txt/);
    await call('snapshots_revert', { path: 'a.txt', checkpoint: made.checkpoint });
    assert.deepEqual(host.files(), { 'a.txt': 'one\n' });
  });

  it('are told in sentences what is wrong', async () => {
    await assert.rejects(call('snapshots_history', { path: '../x' }), /not a path inside/);
  });

  it('ask before something is lost, naming it, and leave nothing behind by asking', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'mine');
    host.write({ 'a.txt': 'two\n' });
    const [mine] = host.open.checkpoints;
    const asked = await question('snapshots_restore', { checkpoint: 'mine' });
    assert.match(asked ?? '', /^Restore: .*restore.*mine.*1 path would change.*a\.txt/s);
    assert.match((await question('snapshots_delete', { checkpoint: 'mine' })) ?? '', /^Delete: .*mine/s);
    const others = { snapshots_list: {}, snapshots_revert: { path: 'a.txt' }, snapshots_create: {} };
    for (const [name, input] of Object.entries(others)) {
      assert.equal(await question(name, input), undefined, name);
    }
    await host.open.reload();
    assert.deepEqual([host.open.checkpoints.map(({ id }) => id), host.files()], [[mine?.id], { 'a.txt': 'two\n' }]);
  });

  it('may restore and delete without a question, or not at all, as the setting says', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'mine');
    host.write({ 'a.txt': 'two\n' });
    await setPolicy('refuse');
    await assert.rejects(call('snapshots_restore', { checkpoint: 'mine' }), /settings of the user do not let agents/);
    assert.deepEqual(host.files(), { 'a.txt': 'two\n' });
    await setPolicy('allow');
    assert.equal(await question('snapshots_restore', { checkpoint: 'mine' }), undefined);
    await call('snapshots_restore', { checkpoint: 'mine' });
    assert.deepEqual(host.files(), { 'a.txt': 'one\n' });
    await call('snapshots_delete', { checkpoint: 'mine' });
    assert.equal(
      host.open.checkpoints.some(({ label }) => label === 'mine'),
      false,
    );
  });

  it('find a server for the folder that answers and follows the setting', async () => {
    await setPolicy('refuse');
    const [server, ...others] = mcpServers(host.surface);
    assert.ok(server !== undefined && others.length === 0);
    assert.deepEqual(server.args.slice(1), ['mcp', '-C', host.root, '--agents', 'refuse']);
    const env = { ...process.env, ...(server.env as Record<string, string>) };
    const child = spawn(server.command, server.args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    const [answer] = (await once(child.stdout, 'data')) as [Buffer];
    child.stdin.end();
    await once(child, 'close');
    assert.match(answer.toString(), /"name":"snapshot-timeline"/);
  });
});
