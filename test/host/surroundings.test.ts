import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { WorkspaceSession } from '../../src/app/workspaceSession.ts';
import { writeExecutable } from '../../src/platform/executableFile.ts';
import type { OpenFolder } from '../../src/vscode/openFolder.ts';
import { offerRecovery } from '../../src/vscode/recovery.ts';
import { putOnTerminalPath } from '../../src/vscode/terminalPath.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { skip } from '../tools/skip.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

describe('The command in terminals', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "it's a launcher "));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is on the PATH and is run by the Node.js of VS Code, with its arguments as they are', async function () {
    if (process.platform === 'win32') {
      skip(this, 'The launcher for Windows is a batch file, which this test cannot start.');
    }
    mkdirSync(join(folder, 'dist'));
    const program = 'console.log(JSON.stringify([process.execPath, ...process.argv.slice(2)]));';
    writeFileSync(join(folder, 'dist/checkpoints.mjs'), program);
    const variables: string[] = [];
    const context = {
      globalStorageUri: vscode.Uri.file(join(folder, 'storage')),
      extensionUri: vscode.Uri.file(folder),
      environmentVariableCollection: {
        prepend: (name: string, value: string) => variables.push(`${name} ${value}`),
      },
    } as unknown as vscode.ExtensionContext;
    await putOnTerminalPath(context, writeExecutable);

    const bin = join(folder, 'storage/bin');
    assert.deepEqual(variables, [`PATH ${bin}:`]);
    const said = execFileSync(join(bin, 'checkpoints'), ['create', 'a "b" $c'], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(said), [process.execPath, 'create', 'a "b" $c']);
  });
});

describe('The command line', () => {
  it('works on the same checkpoints with the same settings, and the view follows', async () => {
    const host = await startAfresh();
    const settings = vscode.workspace.getConfiguration();
    await settings.update('snapshotTimeline.capture.excludes', ['*.tmp', '.vscode']);
    try {
      host.write({ 'a.txt': 'one\n' });
      await host.run('createNamedCheckpoint', [], 'from the window');
      host.write({ 'a.txt': 'two\n', 'b.tmp': 'left out\n' });
      const listed = new Promise<void>((resolve) => {
        const listening = host.surface.folders.onDidChange(() => {
          if (host.open.checkpoints.length === 2) {
            listening.dispose();
            resolve();
          }
        });
      });
      const program = join(host.surface.extension.extensionPath, 'dist/checkpoints.mjs');
      const said = execFileSync(process.execPath, [program, '-C', host.root, '--json', 'create', 'from a terminal'], {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        encoding: 'utf8',
      });
      const { checkpoint } = JSON.parse(said) as { checkpoint: { changes: unknown } };
      assert.deepEqual(checkpoint.changes, { added: 0, modified: 1, deleted: 0 });
      await listed;
      assert.deepEqual(
        host.open.checkpoints.map(({ label }) => label),
        ['from a terminal', 'from the window'],
      );
    } finally {
      await settings.update('snapshotTimeline.capture.excludes', undefined);
    }
  });
});

describe('A restore that was interrupted', () => {
  let host: SurfaceUnderTest;
  let ended: string[];
  beforeEach(async () => {
    host = await startAfresh();
    ended = [];
  });

  /** The open folder as it is after a crash in the middle of a restore of two files. */
  function interruptedFolder(): OpenFolder {
    const { open } = host;
    const interrupted = { target: 'x', now: 'y', startedAt: new Date().toISOString(), paths: ['a.txt', 'b.txt'] };
    const restoreFiles = {
      available: true,
      use: {
        interrupted: async () => interrupted,
        recover: async (how: string) => {
          ended.push(how);
          return { restored: ['a.txt', 'b.txt'], deleted: [], failed: [] };
        },
      },
    };
    const store = { capabilities: { restoreFiles } };
    const session = { ...open.session, stores: [store] } as unknown as WorkspaceSession;
    return { folder: open.folder, session, reload: async () => undefined } as OpenFolder;
  }

  async function offer(answer: string | undefined): Promise<readonly string[]> {
    const prompts = new ScriptedPrompts(answer);
    host.surface.prompts = prompts;
    await offerRecovery(host.surface, interruptedFolder());
    return prompts.transcript;
  }

  it('is told with the choice to finish it or roll it back', async () => {
    const transcript = await offer('Finish');
    const name = host.open.folder.name;
    assert.deepEqual(transcript, [
      `warning: A restore of 2 files in "${name}" was interrupted (now). Finish it, or roll back to the state before it? [Finish] [Roll Back]`,
    ]);
    assert.deepEqual(ended, ['finish']);
    assert.equal(host.surface.view.message, '2 files restored. Undo Last Restore takes it back.');
  });

  it('is rolled back on request', async () => {
    await offer('Roll Back');
    assert.deepEqual(ended, ['rollBack']);
  });

  it('is left as it is when nobody decides', async () => {
    await offer(undefined);
    assert.deepEqual(ended, []);
  });
});
