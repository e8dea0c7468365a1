import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { DockerAgentStores } from '../../src/backends/dockerAgent/dockerAgentStores.ts';
import { requireCapability } from '../../src/core/capabilities.ts';
import type { Checkpoint } from '../../src/core/checkpoint.ts';
import type { CheckpointStore, FileAccess } from '../../src/core/store.ts';
import { createProcessRunner } from '../../src/platform/processRunner.ts';
import type { GitSandbox } from './gitSandbox.ts';
import { openTestStore, type TestStore } from './shadowStore.ts';

/** A docker-agent that captures a work tree, by the git commands that it is documented to run. */
export interface DockerAgent {
  readonly dataFolder: string;
  readonly gitDir: string;
  /** Captures, makes the tree look as if that had been `minutesAgo`, and returns the id of the tree. */
  capture(minutesAgo?: number): Promise<string>;
  /** What it has git do after each message of the user, with packs that look as if that had been `minutesAgo`. */
  cleanUp(minutesAgo?: number, ...args: readonly string[]): Promise<void>;
  git(...args: readonly string[]): Promise<string>;
}

const LARGEST_NEW_FILE = 2 * 1024 * 1024;

export async function makeDockerAgent(
  sandbox: GitSandbox,
  { workTree = sandbox.workspace, dataFolder = `${sandbox.home}/.cagent` } = {},
): Promise<DockerAgent> {
  const key = createHash('sha256').update(workTree).digest('hex').slice(0, 32);
  const gitDir = `${dataFolder}/snapshot/${key}`;
  await fs.mkdir(gitDir, { recursive: true });
  const env = { GIT_DIR: gitDir, GIT_WORK_TREE: workTree };
  await sandbox.git(['init', '--quiet'], { cwd: workTree, env });
  const git = (args: readonly string[], stdin = ''): Promise<string> =>
    sandbox.git(['--git-dir', gitDir, '--work-tree', workTree, ...args], { cwd: workTree, stdin });
  for (const [setting, value] of Object.entries({
    autocrlf: false,
    longpaths: true,
    symlinks: true,
    fsmonitor: false,
  })) {
    await git(['config', `core.${setting}`, String(value)]);
  }
  const stage = async (): Promise<void> => {
    const changed = await git(['diff-files', '--name-only', '-z', '--', '.']);
    const others = await git(['ls-files', '--others', '--exclude-standard', '-z', '--full-name', '--', '.']);
    const small = [];
    for (const path of others.split('\0').filter(Boolean)) {
      if ((await fs.lstat(`${workTree}/${path}`)).size <= LARGEST_NEW_FILE) {
        small.push(path);
      }
    }
    const paths = [...changed.split('\0').filter(Boolean), ...small];
    if (paths.length > 0) {
      const list = paths.map((path) => `${path}\0`).join('');
      await git(['add', '--all', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul'], list);
    }
  };
  return {
    dataFolder,
    gitDir,
    async capture(minutesAgo = 0) {
      await stage();
      const tree = (await git(['write-tree'])).trim();
      const time = new Date(Date.now() - minutesAgo * 60_000);
      for (const file of [`objects/${tree.slice(0, 2)}/${tree.slice(2)}`, 'index']) {
        await fs.utimes(`${gitDir}/${file}`, time, time).catch(() => undefined);
      }
      return tree;
    },
    async cleanUp(minutesAgo = 0, ...args) {
      await git(['gc', '--quiet', '--prune=7.days', ...args]);
      const time = new Date(Date.now() - minutesAgo * 60_000);
      for (const name of await fs.readdir(`${gitDir}/objects/pack`)) {
        await fs.utimes(`${gitDir}/objects/pack/${name}`, time, time);
      }
    },
    git: (...args) => git(args),
  };
}

/** The store of the captures of a folder beside that of its files, as the product joins them. */
export interface OpenedCaptures {
  readonly own: TestStore;
  readonly store: CheckpointStore;
  readonly files: FileAccess;
  keep(id: string): Promise<Checkpoint>;
  dispose(): void;
}

export async function openCaptures(
  sandbox: GitSandbox,
  { workspace = sandbox.workspace, dataFolders = [] } = {},
): Promise<OpenedCaptures> {
  const own = await openTestStore(workspace, sandbox.dataHome);
  const stores = new DockerAgentStores({
    workspace: await fs.realpath(workspace),
    dataFolders,
    runner: createProcessRunner(),
    files: own.store,
  });
  await stores.look();
  const [store] = stores.stores;
  if (store === undefined) {
    throw new Error('No captures were found.');
  }
  return {
    own,
    store,
    files: requireCapability(store.capabilities.files),
    keep: requireCapability(store.capabilities.keep),
    dispose: () => {
      stores.dispose();
      own.store.dispose();
    },
  };
}
