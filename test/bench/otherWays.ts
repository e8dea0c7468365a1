import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Way } from './way.ts';

const execute = promisify(execFile);
const UNTRACKED_LIMIT = 2 * 1024 * 1024;
const RESTORE_BATCH = 100;

/** The git commands of other tools, run as they run them, in a store of their own. */
export class ShadowGit {
  readonly root: string;
  readonly gitDir: string;

  constructor(root: string, gitDir: string) {
    this.root = root;
    this.gitDir = gitDir;
  }

  async git(args: readonly string[], stdin?: string): Promise<string> {
    const own = [
      '--git-dir',
      this.gitDir,
      '--work-tree',
      this.root,
      '-c',
      'user.name=b',
      '-c',
      'user.email=b@localhost',
    ];
    return run([...own, ...args], this.root, stdin);
  }

  async init(): Promise<void> {
    rmSync(this.gitDir, { recursive: true, force: true });
    mkdirSync(this.gitDir, { recursive: true });
    await this.git(['init', '-q']);
  }
}

async function run(args: readonly string[], cwd: string, stdin?: string): Promise<string> {
  if (stdin === undefined) {
    return (await execute('git', [...args], { cwd, maxBuffer: 1 << 30 })).stdout;
  }
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', () => resolve(output));
    child.stdin.end(stdin);
  });
}

/** Roo Code and early Cline: `add .` and `commit` in a shadow repository; back by `clean` and `reset --hard`. */
export function addAndCommit(root: string, folder: string): Way {
  const shadow = new ShadowGit(root, join(folder, 'add-commit'));
  let marked = '';
  const commit = async (): Promise<void> => {
    await shadow.git(['add', '.', '--ignore-errors']);
    await shadow.git(['commit', '-qm', 'checkpoint', '--allow-empty', '--no-verify']);
  };
  return {
    name: 'add + commit',
    first: async () => {
      await shadow.init();
      await commit();
    },
    capture: commit,
    mark: async () => {
      marked = (await shadow.git(['rev-parse', 'HEAD'])).trim();
    },
    restore: async () => {
      await shadow.git(['clean', '-fdq']);
      await shadow.git(['reset', '--hard', '-q', marked]);
    },
    reset: () => shadow.init(),
  };
}

/** docker-agent: list, filter, stage a list of paths, write a tree; back by `checkout` of paths in batches. */
export function dockerAgent(root: string, folder: string): Way {
  const shadow = new ShadowGit(root, join(folder, 'docker-agent'));
  return pathspecWay(
    'docker-agent',
    shadow,
    async () => shadow.init(),
    async (tree, changed) => {
      for (let at = 0; at < changed.length; at += RESTORE_BATCH) {
        const batch = changed.slice(at, at + RESTORE_BATCH);
        await shadow.git(['ls-tree', '--name-only', tree, '--', ...batch]);
        await shadow.git(['checkout', tree, '--', ...batch]);
      }
    },
  );
}

/** opencode: the same capture, seeded from the user's index and objects; back by `read-tree` and `checkout-index`. */
export function opencode(root: string, folder: string): Way {
  const shadow = new ShadowGit(root, join(folder, 'opencode'));
  const seed = async (): Promise<void> => {
    await shadow.init();
    mkdirSync(join(shadow.gitDir, 'objects/info'), { recursive: true });
    writeFileSync(join(shadow.gitDir, 'objects/info/alternates'), `${join(root, '.git/objects')}\n`);
    copyFileSync(join(root, '.git/index'), join(shadow.gitDir, 'index'));
  };
  return pathspecWay('opencode', shadow, seed, async (tree) => {
    await shadow.git(['read-tree', tree]);
    await shadow.git(['checkout-index', '-a', '-f']);
  });
}

function pathspecWay(
  name: string,
  shadow: ShadowGit,
  init: () => Promise<void>,
  restore: (tree: string, changed: readonly string[]) => Promise<void>,
): Way {
  let tree = '';
  let marked = '';
  const capture = async (): Promise<void> => {
    tree = await captureByPathspec(shadow);
  };
  return {
    name,
    first: async () => {
      await init();
      await capture();
    },
    capture,
    mark: async () => {
      marked = tree;
    },
    restore: (changed) => restore(marked, changed),
    reset: init,
  };
}

async function captureByPathspec(shadow: ShadowGit): Promise<string> {
  const changed = await shadow.git(['diff-files', '--name-only', '-z', '--', '.']);
  const others = await shadow.git(['ls-files', '--others', '--exclude-standard', '-z', '--full-name', '--', '.']);
  const candidates = [...new Set(`${changed}${others}`.split('\0').filter(Boolean))];
  if (candidates.length > 0) {
    const asked = `${candidates.join('\0')}\0`;
    const ignored = new Set(
      (await run(['check-ignore', '--no-index', '--stdin', '-z'], shadow.root, asked)).split('\0'),
    );
    const isNew = new Set(others.split('\0'));
    const kept = candidates.filter((path) => {
      const file = join(shadow.root, path);
      const tooLarge = isNew.has(path) && existsSync(file) && statSync(file).size > UNTRACKED_LIMIT;
      return !ignored.has(path) && !tooLarge;
    });
    const add = ['add', '--all', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul'];
    await shadow.git(add, `${kept.join('\0')}\0`);
  }
  return (await shadow.git(['write-tree'])).trim();
}
