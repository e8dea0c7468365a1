import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { useWorkbench } from '../workbench/openWorkbench.ts';

/** A git that waits before everything but telling its version as long as this file is there. */
function writeSlowGit(file: string, barrier: string): void {
  const wait = `case " $* " in *' version '*) ;; *) while [ -e '${barrier}' ]; do sleep 0.05; done ;; esac`;
  writeFileSync(file, ['#!/bin/sh', wait, 'exec git "$@"', ''].join('\n'), { mode: 0o755 });
}

describe('Work that takes long', function () {
  this.timeout(60_000);
  let temporary: string;
  let barrier: string;
  before(() => {
    temporary = mkdtempSync(join(tmpdir(), 'slow-'));
    mkdirSync(join(temporary, 'project'));
    writeFileSync(join(temporary, 'project/a.txt'), 'one\n');
    barrier = join(temporary, 'barrier');
    writeSlowGit(join(temporary, 'git'), barrier);
    writeFileSync(barrier, '');
  });
  after(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  const ui = useWorkbench(() => ({
    folder: join(temporary, 'project'),
    settings: { 'snapshotTimeline.git.path': join(temporary, 'git') },
  }));
  const progress = (): Locator => ui().page.locator('.pane .monaco-progress-container.active').first();
  const welcome = (): Locator => ui().page.locator('.welcome-view-content', { hasText: 'No checkpoints yet' });

  it('never holds up the start: VS Code is ready, and the view shows that it is not yet', async () => {
    const { workbench } = ui();
    await workbench.waitForContainer('Checkpoints');
    await workbench.showContainer('Checkpoints');
    await progress().waitFor({ state: 'attached' });
    assert.equal(await welcome().count(), 0);
    rmSync(barrier);
    await welcome().waitFor();
  });

  it('is told after a second, and cancelled leaves no trace', async () => {
    const { workbench, page } = ui();
    writeFileSync(barrier, '');
    await workbench.command('Checkpoints: Create');
    const notification = workbench.notification('Creating a checkpoint');
    await notification.waitFor();
    await workbench.notificationProgress('Creating a checkpoint').waitFor({ state: 'attached' });
    await progress().waitFor({ state: 'attached' });
    await notification.getByRole('button', { name: 'Cancel' }).click();
    await notification.waitFor({ state: 'detached' });
    rmSync(barrier);
    await welcome().waitFor();
    assert.equal(await page.locator('.notifications-toasts .notification-list-item').count(), 0);
  });

  it('works again afterwards', async () => {
    const { workbench } = ui();
    await workbench.command('Checkpoints: Create with Name…');
    await workbench.answer('At last');
    await workbench.row(await workbench.showContainer('Checkpoints'), 'At last').waitFor();
  });
});
