import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

describe('Connecting an agent in VS Code', () => {
  let host: SurfaceUnderTest;
  let home: string;
  let before: vscode.Uri;

  beforeEach(async () => {
    host = await startAfresh();
    home = mkdtempSync(join(tmpdir(), 'home-'));
    before = host.surface.home;
    host.surface.home = vscode.Uri.file(home);
  });

  afterEach(() => {
    host.surface.home = before;
    rmSync(home, { recursive: true, force: true });
  });

  const read = (path: string): string => readFileSync(join(home, path), 'utf8');

  it('shows what it writes, writes it on consent, and takes exactly that away again', async () => {
    mkdirSync(join(home, '.claude'));
    const settings = '{\n  // mine\n  "model": "x"\n}\n';
    writeFileSync(join(home, '.claude/settings.json'), settings);

    const declined = await host.run('connectAgent', [], 'Claude Code', false);
    assert.equal(read('.claude/settings.json'), settings);
    assert.equal(existsSync(join(home, '.claude.json')), false);
    const shown = declined.join('\n');
    assert.match(shown, /Connect Claude Code by changing its configuration\? \[Connect\]/);
    assert.ok(
      shown.includes(join(home, '.claude/settings.json')) && /\+ .*checkpoints' hook claude/.test(shown),
      shown,
    );

    await host.run('connectAgent', [], 'Claude Code', true);
    assert.match(read('.claude/settings.json'), /"model": "x"/);
    const again = await host.run('connectAgent', [], 'Claude Code');
    assert.ok(again.includes('  Claude Code | connected'), again.join('\n'));
    assert.equal(host.surface.view.message, 'Claude Code is connected already.');

    await host.run('disconnectAgent', [], 'Claude Code', true);
    assert.equal(read('.claude/settings.json'), settings);
    assert.equal(existsSync(join(home, '.claude.json')), false);
  });

  it('leaves a file alone that it does not understand', async () => {
    mkdirSync(join(home, '.gemini'));
    writeFileSync(join(home, '.gemini/settings.json'), '{ broken');
    const told = await host.run('connectAgent', [], 'Gemini CLI');
    assert.match(told.at(-1) ?? '', /^error: .*settings\.json: The file is not the JSON/);
    assert.equal(read('.gemini/settings.json'), '{ broken');
  });

  it('makes each turn of the agent leave a checkpoint', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'mine');
    await host.run('connectAgent', [], 'Claude Code', true);
    const hooks = (
      JSON.parse(read('.claude/settings.json')) as { hooks: Record<string, { hooks: { command: string }[] }[]> }
    ).hooks;
    const fire = async (event: string, more: object = {}): Promise<void> => {
      const input = JSON.stringify({ hook_event_name: event, session_id: 's', cwd: host.root, ...more });
      const command = hooks[event]?.[0]?.hooks[0]?.command ?? 'false';
      const hook = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
      hook.stdin.end(input);
      assert.deepEqual(await once(hook, 'close'), [0, null]);
    };
    await fire('UserPromptSubmit', { prompt: 'improve it' });
    host.write({ 'a.txt': 'two\n' });
    await fire('Stop');
    await host.listed('turn 1');
    assert.deepEqual(
      host.open.checkpoints.map(({ label, origin }) => `${origin}: ${label}`),
      ['agent: turn 1: improve it', 'manual: mine'],
    );
    await host.run('undoAgentTurn', [], true);
    assert.deepEqual(host.files(), { 'a.txt': 'one\n' });
  });
});
