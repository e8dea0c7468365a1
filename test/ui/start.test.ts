import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Browser } from 'playwright-core';
import { PROJECT } from '../tools/paths.ts';
import { killAtExit, killTree } from '../tools/runProcess.ts';
import { skip } from '../tools/skip.ts';
import { openBrowser } from '../workbench/chromium.ts';
import { codeServerUnavailable } from '../workbench/codeServerInstall.ts';
import { Workbench } from '../workbench/workbench.ts';

describe('npm start', function () {
  this.timeout(180_000);
  let start: ChildProcess;
  let address: URL;
  let browser: Browser | undefined;

  before(async function () {
    const unavailable = codeServerUnavailable();
    if (unavailable !== undefined) {
      skip(this, unavailable);
    }
    start = spawn('npm', ['start', '--', '--browser'], {
      cwd: PROJECT,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    killAtExit(start.pid);
    address = new URL(await printedAddress(start));
  });
  after(async () => {
    await browser?.close();
    killTree(start.pid, 'SIGKILL');
  });

  it('opens VS Code on a sample project with checkpoints', async () => {
    const opened = await openBrowser();
    browser = opened.browser;
    const workbench = new Workbench(opened.page);
    await workbench.open(address.href);
    await workbench.waitForContainer('Checkpoints');
    await workbench.row(await workbench.showContainer('Explorer'), 'README.md').waitFor();
    const checkpoints = await workbench.showContainer('Checkpoints');
    await workbench.row(checkpoints, 'Refuse lines without an amount').waitFor();
  });

  it('ends when it is told to, and takes its server and sample along', async () => {
    const folder = address.searchParams.get('folder') ?? '';
    assert.ok(existsSync(join(folder, 'README.md')));
    const ended = once(start, 'exit');
    killTree(start.pid, 'SIGINT');
    await ended;
    await assert.rejects(fetch(address));
    assert.equal(existsSync(folder), false);
  });
});

/** Fails with what was printed when `npm start` ends instead. */
async function printedAddress(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const text of child.stdout ?? []) {
    output += String(text);
    const [found] = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(output) ?? [];
    if (found !== undefined) {
      child.stdout?.resume();
      return found;
    }
  }
  throw new Error(`npm start ended without an address:\n${output}`);
}
