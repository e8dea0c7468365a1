import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AutomaticCheckpoints } from '../../src/app/automatic/automaticCheckpoints.ts';
import { requireCapability } from '../../src/core/capabilities.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

const NEVER = { everyMinutes: 0, beforeGit: false, largeDeletion: 0 };

async function configure(values: Partial<typeof NEVER>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('snapshotTimeline.automatic');
  for (const [name, value] of Object.entries({ ...NEVER, ...values })) {
    await configuration.update(name, value, vscode.ConfigurationTarget.Global);
  }
}

describe('Automatic checkpoints in VS Code', () => {
  let host: SurfaceUnderTest;
  let automatic: AutomaticCheckpoints;

  beforeEach(async () => {
    await configure({});
    host = await startAfresh();
    const found = host.surface.automatic.of(host.open);
    assert.ok(found !== undefined);
    automatic = found;
    automatic.resume();
  });

  // VS Code's own git would be in the midst of its work when a test takes its repository away.
  const useGit = (enabled: boolean | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('git').update('enabled', enabled, vscode.ConfigurationTarget.Global);

  before(() => useGit(false));

  after(async () => {
    await configure({});
    await useGit(undefined);
  });

  /** Settles when the folder was seen with the files as they are now, and all events of them have come. */
  const seen = async (): Promise<void> => {
    const quiet = 1500;
    for (let last = -1, touches = 0; last !== touches;) {
      last = touches;
      const listening = host.open.onDidTouch(() => (touches += 1));
      await new Promise((resolve) => setTimeout(resolve, quiet));
      listening.dispose();
    }
    await host.open.look();
    await new Promise((resolve) => setTimeout(resolve, quiet));
  };

  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
    execFileSync('git', [...who, ...args], { cwd: host.root, stdio: 'ignore' });
  };

  it('are made by time, labelled by it, and fold away below their day', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'mine');
    await configure({ everyMinutes: 0.01 });
    host.write({ 'a.txt': 'two\n' });
    await host.listed('every 0.01 minutes');
    await configure({});

    assert.deepEqual(await host.tree(), [
      'Now | no changes',
      'Today | 1 checkpoint',
      '  mine | now · 1 change',
      '    a.txt | added',
      '1 automatic | Today',
      '  every 0.01 minutes | now · 1 change',
      '    a.txt | modified',
    ]);
    const [group] = await host.rows('automatic');
    assert.ok(group !== undefined);
    assert.equal(host.surface.view.tree.getTreeItem(group).collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
    const [newest] = host.open.checkpoints;
    assert.equal(newest?.origin, 'auto');
    await host.run('pinCheckpoint', [await host.checkpoint('every 0.01 minutes')]);
    assert.deepEqual(await host.rows('automatic'), []);
  });

  it('pause and resume by command, and the status bar shows it', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createCheckpoint', []);
    await configure({ everyMinutes: 60 });
    assert.match(host.surface.statusBar.automatic ?? '', /are on\..*pauseAutomatic/);
    await host.run('pauseAutomatic', []);
    assert.equal(host.surface.keys.current['snapshotTimeline.automaticIsPaused'], true);
    assert.match(host.surface.statusBar.text ?? '', /^\$\(debug-pause\)/);
    assert.match(host.surface.statusBar.automatic ?? '', /are paused\..*resumeAutomatic/);
    await host.run('resumeAutomatic', []);
    assert.match(host.surface.statusBar.text ?? '', /^\$\(history\)/);
    await configure({});
    assert.match(host.surface.statusBar.automatic ?? '', /are off/);
  });

  it('keep the edits that a branch switch and a reset take away', async () => {
    await host.surface.automatic.ready();
    host.write({ 'a.txt': 'committed\n' });
    git('init');
    git('add', '.');
    git('commit', '-m', 'one');
    git('branch', 'other');
    await host.run('createNamedCheckpoint', [], 'mine');
    await configure({ beforeGit: true });
    host.write({ 'a.txt': 'precious\n' });
    await seen();
    git('reset', '--hard', 'HEAD');
    await host.listed('before git reset HEAD');

    host.write({ 'b.txt': 'untracked\n' });
    await seen();
    git('checkout', 'other');
    await host.listed('before git checkout other');
    const files = requireCapability(host.open.session.files.capabilities.files);
    const text = async (label: string, path: string): Promise<string> => {
      const id = host.open.checkpoints.find((checkpoint) => checkpoint.label === label)?.id ?? '';
      return new TextDecoder().decode(await files.read(id, path));
    };
    assert.equal(await text('before git reset HEAD', 'a.txt'), 'precious\n');
    assert.equal(await text('before git checkout other', 'b.txt'), 'untracked\n');
  });

  it('keep what a large deletion took', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'mine');
    await configure({ largeDeletion: 3 });
    host.write({ 'src/1': '1\n', 'src/2': '2\n', 'src/deep/3': '3\n' });
    await seen();
    rmSync(join(host.root, 'src'), { recursive: true });
    await host.listed('before 3 files in src were deleted');
    await host.run('restoreCheckpoint', [await host.checkpoint('before 3 files in src were deleted')], true);
    assert.deepEqual(Object.keys(host.files()), ['a.txt', 'src/1', 'src/2', 'src/deep/3']);
  });
});
