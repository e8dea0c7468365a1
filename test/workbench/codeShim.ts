#!/usr/bin/env node
// Stands in for the executable of the desktop VS Code where there is none: takes its command line for extension tests,
// and runs them in code-server and a browser. Ends with 0 when the tests have passed.
import { setTimeout as delay } from 'node:timers/promises';
import { exitOnSignals } from '../tools/runProcess.ts';
import { openBrowser } from './chromium.ts';
import { startCodeServer, workbenchAddress, type CodeServer, type Payload } from './codeServer.ts';
import { installCodeServer, installStrictCodeServer } from './codeServerInstall.ts';
import { QUIET_SETTINGS } from './settings.ts';

const TIME_LIMIT = 300_000;

exitOnSignals();
const args = process.argv.slice(2);
const folder = args.find((arg) => !arg.startsWith('-')) ?? process.cwd();
const withProposals = args.includes('--enable-proposed-api');
const install = withProposals ? await installCodeServer() : await installStrictCodeServer();
const server = await startCodeServer({ install, settings: QUIET_SETTINGS, forHostTests: true, ...homeFolder() });
const { browser, page } = await openBrowser();

const finished = new Promise<number>((resolve) => {
  page.on('crash', () => {
    console.log('The page of the workbench has crashed.');
    resolve(98);
  });
  void page.exposeFunction('codeAutomationExit', resolve);
  void page.exposeFunction('codeAutomationLog', () => undefined);
});
// what the extension host logs arrives as `%c INFO color: #33f TEXT`
page.on('console', (message) => {
  const [, text] = /^%c\s*\w+ color: \S+ ([^]*)$/.exec(message.text()) ?? [];
  if (text !== undefined) {
    console.log(text);
  }
});
await page.goto(workbenchAddress(server, folder, payload(server)), { waitUntil: 'domcontentloaded' });
const tooLong = delay(TIME_LIMIT, 99, { ref: false });
const code = await Promise.race([finished, tooLong]);
if (code === 99) {
  console.log(`The tests did not end within ${TIME_LIMIT / 1000} s.`);
}
await browser.close();
await server.stop();
process.exit(code);

function payload({ authority }: CodeServer): Payload {
  const remote = (path: string): string => `vscode-remote://${authority}${path}`;
  return [
    ['extensionDevelopmentPath', remote(argument('extensionDevelopmentPath'))],
    ['extensionTestsPath', remote(argument('extensionTestsPath'))],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(withProposals ? ([['enableProposedApi', '']] as const) : []),
  ];
}

function argument(name: string): string {
  const prefix = `--${name}=`;
  const found = args.find((arg) => arg.startsWith(prefix));
  if (found === undefined) {
    throw new Error(`${prefix}… is missing.`);
  }
  return found.slice(prefix.length);
}

/** The tests see the home folder that their run was given. */
function homeFolder(): { home?: string } {
  const home = process.env['HOME'];
  return home === undefined ? {} : { home };
}
