// `npm start [FOLDER] [-- --browser]`: builds the extension and opens VS Code with it. The desktop `code` is used where
// there is one, unless `--browser` is given; else a VS Code in the browser, or a downloaded one.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { build } from '../../esbuild.mjs';
import { packageExtension } from '../tools/packageExtension.ts';
import { CACHE, DIST, PROJECT } from '../tools/paths.ts';
import { startCodeServer, workbenchAddress } from './codeServer.ts';
import { codeServerUnavailable, installCodeServer } from './codeServerInstall.ts';
import { makeSampleProject } from './sampleProject.ts';
import { QUIET_SETTINGS } from './settings.ts';

/** What VS Code is to open, and in which environment. */
interface Opening {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Holds the sample project and its checkpoints, where it is one. */
  readonly temporary?: string;
}

const args = process.argv.slice(2);
const named = args.find((arg) => !arg.startsWith('--'));
const desktop = args.includes('--browser') ? undefined : findDesktop();

console.log('Building …');
await build();
const opening = named === undefined ? await openSample() : openFolder(resolve(process.env['INIT_CWD'] ?? '.', named));
if (desktop !== undefined) {
  openDesktop(desktop, opening);
} else if (codeServerUnavailable() === undefined) {
  await openBrowser(opening);
} else {
  openDesktop(await downloadAndUnzipVSCode({ cachePath: CACHE }), opening);
}

function openFolder(folder: string): Opening {
  if (!existsSync(folder)) {
    console.error(`There is no folder ${folder}.`);
    process.exit(1);
  }
  return { folder, env: process.env };
}

async function openSample(): Promise<Opening> {
  const temporary = mkdtempSync(join(tmpdir(), 'snapshot-timeline-'));
  const folder = join(temporary, 'pocket-budget');
  mkdirSync(folder);
  const env = { ...process.env, SNAPSHOT_TIMELINE_HOME: join(temporary, 'checkpoints') };
  console.log(`Making a sample project in ${folder} …`);
  await makeSampleProject(folder, join(DIST, 'checkpoints.mjs'), env);
  return { folder, env, temporary };
}

function findDesktop(): string | undefined {
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) {
    return undefined; // the `code` of a terminal in a remote VS Code can only open folders
  }
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The sample gets a VS Code of its own, as a running one would not know where its checkpoints are. */
function openDesktop(executable: string, { folder, env, temporary }: Opening): void {
  const profile = temporary === undefined ? [] : ['--user-data-dir', join(temporary, 'user')];
  const windows = process.platform === 'win32';
  console.log(`Opening ${folder} in VS Code (${executable}).`);
  const child = spawn(
    windows ? `"${executable}"` : executable,
    ['--new-window', `--extensionDevelopmentPath=${PROJECT}`, ...profile, folder].map((arg) =>
      windows ? `"${arg}"` : arg,
    ),
    { env, stdio: 'ignore', detached: true, shell: windows },
  );
  child.on('error', (error) => console.error(error.message));
  child.unref();
}

async function openBrowser({ folder, env, temporary }: Opening): Promise<void> {
  const file = join(DIST, 'start', 'extension.vsix');
  const server = await startCodeServer({
    install: await installCodeServer(),
    settings: { ...QUIET_SETTINGS, 'workbench.reduceMotion': 'auto' },
    vsix: [await packageExtension(file, '--openvsx')],
    home: homedir(),
    env,
  });
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (!stopping) {
      stopping = true;
      await server.stop();
      if (temporary !== undefined) {
        rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
      }
      process.exit(code);
    }
  };
  // Ctrl-C may arrive twice, from the terminal and from npm
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0));
  }
  const address = workbenchAddress(server, folder);
  console.log(`\nVS Code is at ${address}\nCtrl-C ends it.`);
  showInBrowser(address);
  await server.ended;
  await stop(1);
}

/** Best effort: the address has been printed as well. */
function showInBrowser(address: string): void {
  if (process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined) {
    spawn('xdg-open', [address], { stdio: 'ignore', detached: true })
      .on('error', () => undefined)
      .unref();
  }
}
