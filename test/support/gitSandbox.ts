import { execFile } from 'node:child_process';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { pathFromBytes } from '../../src/platform/pathBytes.ts';

/** A temporary place with its own home and its own git configuration; the real ones are out of reach until `dispose`. */
export interface GitSandbox {
  /** Real path of the temporary folder that holds all the rest. */
  readonly root: string;
  readonly home: string;
  /** An empty folder to work in. */
  readonly workspace: string;
  /** The data folder that `SNAPSHOT_TIMELINE_HOME` names. */
  readonly dataHome: string;
  /** Runs git in `folder` (the workspace by default) and returns what it printed (odd bytes as in paths). */
  git(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Makes `folder` a repository, with all it holds committed when `commit` is true. */
  initRepository(folder?: string, options?: { commit?: boolean; args?: readonly string[] }): Promise<void>;
  dispose(): Promise<void>;
}

export interface GitOptions {
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

export async function makeGitSandbox(): Promise<GitSandbox> {
  const root = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
  const [home, workspace, dataHome] = [`${root}/home`, `${root}/workspace`, `${root}/data`];
  await Promise.all([home, workspace].map((folder) => fs.mkdir(folder)));
  const restoreEnvironment = replaceEnvironment({ home, dataHome });
  await fs.writeFile(
    `${home}/.gitconfig`,
    '[user]\n\tname = Tester\n\temail = tester@example.org\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n',
  );
  const git = (args: readonly string[], options: GitOptions = {}): Promise<string> =>
    runGit(args, { cwd: workspace, ...options });
  return {
    root,
    home,
    workspace,
    dataHome,
    git,
    async initRepository(folder = workspace, { commit = false, args = [] } = {}) {
      await fs.mkdir(folder, { recursive: true });
      await git(['init', '--quiet', ...args], { cwd: folder });
      if (commit) {
        await git(['add', '--all'], { cwd: folder });
        await git(['commit', '--quiet', '--allow-empty', '--message', 'first'], { cwd: folder });
      }
    },
    async dispose() {
      restoreEnvironment();
      await fs.rm(root, { recursive: true, force: true });
    },
  };
}

/** Runs git with nothing inherited but PATH and the sandbox's home; fails with what git printed. */
async function runGit(args: readonly string[], options: GitOptions & { cwd: string }): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C', ...options.env };
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...args],
      { cwd: options.cwd, env, encoding: 'buffer', maxBuffer: 1 << 28 },
      (error, stdout, stderr) =>
        error === null
          ? resolve(pathFromBytes(stdout))
          : reject(new Error(`${error.message}\n${stderr.toString('utf8')}`)),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.stdin ?? '');
  });
}

/** Points the environment at the sandbox, with no git variable left, and returns what puts it back. */
function replaceEnvironment(places: { home: string; dataHome: string }): () => void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('GIT_') || name.startsWith('XDG_')) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, {
    HOME: places.home,
    USERPROFILE: places.home,
    GIT_CONFIG_GLOBAL: `${places.home}/.gitconfig`,
    GIT_CONFIG_NOSYSTEM: '1',
    SNAPSHOT_TIMELINE_HOME: places.dataHome,
  });
  return () => {
    for (const name of Object.keys(process.env)) {
      delete process.env[name];
    }
    Object.assign(process.env, before);
  };
}
