import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'mocha';
import type { Browser, Page } from 'playwright-core';
import { packageExtension } from '../tools/packageExtension.ts';
import { DIST, PROJECT } from '../tools/paths.ts';
import { skip } from '../tools/skip.ts';
import { openBrowser, type Screen } from './chromium.ts';
import { startCodeServer, workbenchAddress, type CodeServer } from './codeServer.ts';
import { codeServerUnavailable, installCodeServer } from './codeServerInstall.ts';
import { QUIET_SETTINGS, type Settings } from './settings.ts';
import { Workbench } from './workbench.ts';

const PICTURES = join(DIST, 'pictures');

export interface WorkbenchOptions {
  /** A folder or a `.code-workspace` file; nothing is open without. */
  readonly folder?: string;
  readonly settings?: Settings;
  /** The packaged extension; by default the one under test. */
  readonly vsix?: string;
  readonly screen?: Screen;
}

/** A workbench in a browser with the packaged extension installed, on a server of its own. */
export class OpenWorkbench {
  readonly workbench: Workbench;
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: CodeServer;

  constructor(browser: Browser, page: Page, server: CodeServer) {
    this.workbench = new Workbench(page);
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  /** Saves what is seen. With `UPDATE_PICTURES=1` what is `documented` becomes a picture of the README. */
  async shot(name: string, use: 'documented' | 'looked at'): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    const file = join(PICTURES, `${name}.png`);
    await this.page.screenshot({ path: file });
    if (use === 'documented' && process.env['UPDATE_PICTURES'] === '1') {
      const folder = join(PROJECT, 'media/screenshots');
      mkdirSync(folder, { recursive: true });
      copyFileSync(file, join(folder, `${name}.png`));
    }
  }

  /** Saves what is seen where a test has failed. */
  async shotOfFailure(title: string): Promise<string> {
    mkdirSync(PICTURES, { recursive: true });
    const file = join(PICTURES, `failed-${title.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
  }
}

async function openWorkbench(options: WorkbenchOptions): Promise<OpenWorkbench> {
  const server = await startCodeServer({
    install: await installCodeServer(),
    settings: { ...QUIET_SETTINGS, ...options.settings },
    vsix: [options.vsix ?? (await extensionUnderTest())],
  });
  try {
    const { browser, page } = await openBrowser(options.screen);
    const opened = new OpenWorkbench(browser, page, server);
    await opened.workbench.open(workbenchAddress(server, options.folder, [['skipWelcome', 'true']]));
    return opened;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The package that the test run has made, else a new one. */
async function extensionUnderTest(): Promise<string> {
  const made = process.env['SNAPSHOT_TIMELINE_VSIX'];
  return made ?? (await packageExtension(join(DIST, 'test/extension.vsix')));
}

/**
 * Opens one workbench for the tests of the surrounding `describe`, and closes it after them. A failed test leaves a
 * picture, whose path is in its message. `options` is called when the workbench is about to be opened.
 */
export function useWorkbench(options: () => WorkbenchOptions | Promise<WorkbenchOptions>): () => OpenWorkbench {
  let opened: OpenWorkbench | undefined;
  before('open VS Code', async function () {
    this.timeout(180_000);
    const unavailable = codeServerUnavailable();
    if (unavailable !== undefined) {
      skip(this, unavailable);
    }
    opened = await openWorkbench(await options());
  });
  afterEach('take a picture of a failure', async function () {
    const test = this.currentTest;
    if (test?.state === 'failed' && test.err !== undefined && opened !== undefined) {
      const picture = `\nPicture: ${await opened.shotOfFailure(test.fullTitle())}`;
      test.err.stack = `${test.err.stack ?? test.err.message}${picture}`;
      await opened.page.keyboard.press('Escape'); // an open menu or dialog would fail the tests after it too
    }
  });
  after('close VS Code', async () => {
    await opened?.close();
  });
  return () => {
    if (opened === undefined) {
      throw new Error('The workbench is open only while tests run.');
    }
    return opened;
  };
}
