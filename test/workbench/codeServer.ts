import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killAtExit, killTree } from '../tools/runProcess.ts';
import type { CodeServerInstall } from './codeServerInstall.ts';
import type { Settings } from './settings.ts';

const run = promisify(execFile);

export interface CodeServerOptions {
  readonly install: CodeServerInstall;
  readonly settings: Settings;
  /** Packaged extensions to install first. */
  readonly vsix?: readonly string[];
  /** A free one by default. */
  readonly port?: number;
  /** Lets an address start tests in the extension host. Dialogs and notifications never show then. */
  readonly forHostTests?: boolean;
  /** Home folder of the server, a temporary one by default. */
  readonly home?: string;
  /** The environment of the server and of what runs in it, by default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A running VS Code server on 127.0.0.1. */
export interface CodeServer {
  readonly address: string;
  readonly authority: string;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** VS Code's own way to hand start options to a workbench in the browser. */
export type Payload = readonly (readonly [name: string, value: string])[];

/** Opens a folder, a `.code-workspace` file, or nothing. */
export function workbenchAddress(server: CodeServer, folder: string | undefined, payload: Payload = []): string {
  const query = { ...opened(folder), ...(payload.length > 0 ? { payload: JSON.stringify(payload) } : {}) };
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${server.address}/?${pairs.join('&').replaceAll('%2F', '/')}`;
}

function opened(folder: string | undefined): Readonly<Record<string, string>> {
  if (folder === undefined) {
    return { ew: 'true' };
  }
  return folder.endsWith('.code-workspace') ? { workspace: folder } : { folder };
}

/** Starts a server with data folders of its own, which are gone when it has been stopped. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const data = mkdtempSync(join(tmpdir(), 'vs-')); // short, as it holds sockets, whose paths have at most 108 bytes
  const removeData = (): void => rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(join(data, 'u/User'), { recursive: true });
  writeFileSync(join(data, 'u/User/settings.json'), JSON.stringify(options.settings));
  writeFileSync(join(data, 'config.yaml'), 'auth: none\n');
  const folders = [
    '--user-data-dir',
    join(data, 'u'),
    '--extensions-dir',
    join(data, 'e'),
    '--config',
    join(data, 'config.yaml'),
  ];
  const entry = join(options.install.root, 'out/node/entry.js');
  const env = serverEnvironment(options.env ?? process.env, options.home ?? data);
  for (const vsix of options.vsix ?? []) {
    await run(options.install.node, [entry, ...folders, '--install-extension', vsix], { env });
  }

  const port = options.port ?? (await freePort());
  const args = [entry, ...folders, ...serverArguments(port, options)];
  const child = spawn(options.install.node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const forget = killAtExit(child.pid, 'SIGKILL');
  process.once('exit', removeData);
  const ended = once(child, 'exit').then(() => undefined);
  const log = createWriteStream(join(data, 'server.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });

  const stop = async (): Promise<void> => {
    killTree(child.pid, 'SIGTERM');
    await Promise.race([ended, delay(3000, undefined, { ref: false })]);
    killTree(child.pid, 'SIGKILL');
    await ended;
    forget();
    log.end();
    process.off('exit', removeData);
    removeData();
  };
  const server = { address: `http://127.0.0.1:${port}`, authority: `127.0.0.1:${port}`, ended, stop };
  try {
    await untilHealthy(server.address, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return server;
}

function serverArguments(port: number, { forHostTests, settings }: CodeServerOptions): string[] {
  return [
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
    ...(settings['security.workspace.trust.enabled'] === true ? [] : ['--disable-workspace-trust']),
    '--disable-getting-started-override',
    ...(forHostTests ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
}

/** Without the traces of an editor that may have started us, and without a Marketplace. */
function serverEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith('VSCODE_'));
  return { ...Object.fromEntries(inherited), HOME: home, EXTENSIONS_GALLERY: '{}' };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function untilHealthy(address: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`code-server ended at once with ${child.exitCode ?? child.signalCode}.`);
    }
    const healthy: boolean = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) {
      return;
    }
    await delay(50);
  }
  throw new Error(`code-server did not answer on ${address} within a minute.`);
}
