import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // the workbench may talk to the server on 127.0.0.1 without asking
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests',
];

/** The browser named by `CHROMIUM`, or the first one on the PATH; undefined when there is none. */
function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined) {
    return named;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** How large a page is and how fine its pictures are. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly deviceScaleFactor?: number;
}

/** A browser without a window, in English and in UTC. */
export async function openBrowser(
  { width, height, deviceScaleFactor = 1 }: Screen = { width: 1400, height: 900 },
): Promise<{
  browser: Browser;
  context: BrowserContext;
  page: Page;
}> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium found: install one (apt install chromium), or name it in CHROMIUM.');
  }
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor,
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'UTC',
  });
  return { browser, context, page: await context.newPage() };
}
