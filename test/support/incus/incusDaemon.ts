import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, promises as fs } from 'node:fs';
import os from 'node:os';
import { promisify } from 'node:util';
import { makeBusyboxImage } from './busyboxImage.ts';
import { ensureSubordinateIds, findDaemon } from './installedIncus.ts';

const execute = promisify(execFile);
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec/incus';
const PREFIX = 'snapshot-timeline-incus-';

export interface DaemonOptions {
  /** Size of the btrfs pool `bt`, which the default profile uses. */
  readonly btrfsSize?: string;
}

/** An Incus daemon of its own, with the pools `bt` (btrfs in a file) and `dr` (dir), and the image `bb`. */
export interface IncusDaemon {
  /** Holds everything of this daemon; tests may put workspaces into it. */
  readonly folder: string;
  readonly socket: string;
  readonly version: string;
  /** Runs the client as a person at a terminal would; returns what it printed. */
  incus(...args: readonly string[]): Promise<string>;
  /** A shell script on this machine, with this daemon for the client. */
  shell(script: string): Promise<string>;
  /** A shell command inside a container. */
  exec(container: string, script: string): Promise<string>;
  /** Lets the daemon hang, and go on. */
  freeze(): void;
  thaw(): void;
  /** Ends the daemon at once; containers go on. */
  kill(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** Why no daemon can run here; undefined when one can. */
export async function whyNoIncus(): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    return 'Incus runs on Linux only';
  }
  if (process.getuid?.() !== 0) {
    return 'a private Incus daemon needs root';
  }
  if ((await findDaemon()) === undefined) {
    return 'Incus is not installed (node test/support/incus/incusPackages.ts installs it on Debian)';
  }
  return undefined;
}

export async function startIncus(options: DaemonOptions = {}): Promise<IncusDaemon> {
  await removeAbandoned();
  await ensureSubordinateIds();
  const folder = await fs.mkdtemp(`${os.tmpdir()}/${PREFIX}`);
  // Unprivileged containers pass through here on the way to their root file system.
  await fs.chmod(folder, 0o711);
  await fs.writeFile(`${folder}/owner.pid`, String(process.pid));
  const daemon = new PrivateDaemon(folder);
  try {
    await daemon.start();
    await daemon.fill(options);
  } catch (error) {
    await daemon.dispose();
    throw error;
  }
  return daemon;
}

class PrivateDaemon implements IncusDaemon {
  readonly folder: string;
  readonly socket: string;
  readonly #env: Record<string, string>;
  #process: ChildProcess | undefined;
  #version = '';

  constructor(folder: string) {
    this.folder = folder;
    this.socket = `${folder}/d/unix.socket`;
    this.#env = { PATH, HOME: folder, INCUS_DIR: `${folder}/d`, INCUS_CONF: `${folder}/client`, LC_ALL: 'C' };
  }

  get version(): string {
    return this.#version;
  }

  async start(): Promise<void> {
    const program = await findDaemon();
    if (program === undefined) {
      throw new Error('Incus is not installed.');
    }
    await fs.mkdir(`${this.folder}/d`, { recursive: true, mode: 0o711 });
    await fs.mkdir(`${this.folder}/client`, { recursive: true });
    // No image server: the only remote is the local socket.
    const remotes = 'default-remote: local\nremotes:\n  local:\n    addr: unix://\n';
    await fs.writeFile(`${this.folder}/client/config.yml`, remotes);
    const log = openSync(`${this.folder}/daemon.log`, 'a');
    const settings = { INCUS_SKIP_INSTANCE_TYPES: 'true', INCUS_SECURITY_APPARMOR: 'false' };
    this.#process = spawn(program, ['--group', 'root'], {
      env: { ...this.#env, ...settings },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    await fs.writeFile(`${this.folder}/daemon.pid`, String(this.#process.pid));
    await this.incus('admin', 'waitready', '--timeout=120');
  }

  async fill({ btrfsSize = '2GiB' }: DaemonOptions): Promise<void> {
    await this.incus('config', 'set', 'images.auto_update_interval=0', 'core.shutdown_timeout=0');
    await this.incus('storage', 'create', 'bt', 'btrfs', `size=${btrfsSize}`);
    await this.incus('storage', 'create', 'dr', 'dir');
    await this.incus('profile', 'device', 'add', 'default', 'root', 'disk', 'path=/', 'pool=bt');
    await this.incus('image', 'import', await makeBusyboxImage(this.folder), '--alias', 'bb');
    const server = JSON.parse(await this.incus('query', '/1.0')) as { environment: { server_version: string } };
    this.#version = server.environment.server_version;
  }

  async incus(...args: readonly string[]): Promise<string> {
    const client = execute('incus', [...args], { env: this.#env, maxBuffer: 1 << 28 });
    // The client reads settings from a standard input that is no terminal, and waits for its end.
    client.child.stdin?.end();
    return (await client).stdout;
  }

  async shell(script: string): Promise<string> {
    return (await execute('sh', ['-ec', script], { env: this.#env, maxBuffer: 1 << 28 })).stdout;
  }

  exec(container: string, script: string): Promise<string> {
    return this.incus('exec', container, '--', 'sh', '-c', script);
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#ended();
  }

  async dispose(): Promise<void> {
    this.thaw();
    if (!this.#isRunning()) {
      // Containers outlive their daemon; a new one takes them over and can stop them.
      await this.start();
    }
    await execute('incus', ['admin', 'shutdown', '--force'], { env: this.#env, timeout: 30_000 }).catch(
      () => undefined,
    );
    const impatience = setTimeout(() => this.#process?.kill('SIGKILL'), 10_000);
    await this.#ended();
    clearTimeout(impatience);
    await removeFolder(this.folder);
  }

  #isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  async #ended(): Promise<void> {
    if (this.#isRunning()) {
      await new Promise((resolve) => this.#process?.once('exit', resolve));
    }
  }
}

/** Ends and removes what test runs that were killed have left behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of await fs.readdir(os.tmpdir())) {
    const folder = `${os.tmpdir()}/${name}`;
    if (name.startsWith(PREFIX) && (await isAbandoned(folder))) {
      const daemon = await readPid(`${folder}/daemon.pid`);
      if (daemon !== undefined && (await isDaemonOf(folder, daemon))) {
        const env = { PATH, INCUS_DIR: `${folder}/d`, INCUS_CONF: `${folder}/client` };
        await execute('incus', ['admin', 'shutdown', '--force'], { env, timeout: 20_000 }).catch(() =>
          process.kill(daemon, 'SIGKILL'),
        );
      }
      await removeFolder(folder);
    }
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const owner = await readPid(`${folder}/owner.pid`);
  if (owner === undefined) {
    return false;
  }
  return !(await fs.access(`/proc/${owner}`).then(
    () => true,
    () => false,
  ));
}

async function isDaemonOf(folder: string, pid: number): Promise<boolean> {
  const environment = await fs.readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(`INCUS_DIR=${folder}/d`);
}

async function readPid(file: string): Promise<number | undefined> {
  const pid = Number(await fs.readFile(file, 'utf8').catch(() => ''));
  return pid > 0 ? pid : undefined;
}

/** Never reaches across a mount: a workspace that is still bound below loses nothing. */
async function removeFolder(folder: string): Promise<void> {
  const mounts = (await fs.readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1]?.replaceAll('\\040', ' ') ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const mount of mounts.toSorted().toReversed()) {
    await execute('umount', ['-l', mount]).catch(() => undefined);
  }
  await execute('rm', ['-rf', '--one-file-system', folder]);
}
