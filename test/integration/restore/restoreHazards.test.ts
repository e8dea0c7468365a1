import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import type { RestoreReport } from '../../../src/core/restorePlan.ts';
import { diskFiles, type FileOperations } from '../../../src/platform/diskFiles.ts';
import { file, folder, link, removeTree, renderFolder, writeTree, type TreeLiteral } from '../../support/folderTree.ts';
import { applySteps, differenceOf, MemoryContents, sha256Digest } from '../../support/restoreWorld.ts';

const CHANGED = 'It was changed after the safety checkpoint was made.';

describe('A restore never loses work', () => {
  let root: string;
  let contents: MemoryContents;

  beforeEach(async () => {
    root = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
    contents = new MemoryContents();
    await writeTree(root, { 'outside/secret': 'outside' });
  });

  afterEach(() => fs.rm(root, { recursive: true, force: true }));

  interface Scene {
    readonly now: TreeLiteral;
    readonly target: TreeLiteral;
    /** What happens between the plan and the restore. */
    readonly meanwhile?: (workspace: string) => Promise<unknown>;
    readonly files?: (workspace: string) => FileOperations;
    readonly signal?: AbortSignal;
    readonly workspace?: string;
  }

  /** Report and folder after a restore, as text. */
  async function play(scene: Scene): Promise<string> {
    const { workspace = `${root}/workspace` } = scene;
    await writeTree(`${root}/target`, scene.target);
    await fs.mkdir(workspace, { recursive: true });
    await fs.mkdir(`${root}/target`, { recursive: true });
    await writeTree(workspace, scene.now);
    const [from, to] = [await contents.capture(workspace), await contents.capture(`${root}/target`)];
    await scene.meanwhile?.(workspace);
    const report = await applySteps(workspace, contents, differenceOf(from, to), to, {
      ...(scene.files === undefined ? {} : { files: scene.files(workspace) }),
      ...(scene.signal === undefined ? {} : { context: { signal: scene.signal } }),
    });
    return `${renderReport(report)}\n--\n${await renderFolder(workspace)}`;
  }

  const lines = (...texts: string[]): string => texts.join('\n');

  it('leaves a file that was edited after the safety checkpoint, and restores the others', async () => {
    const shown = await play({
      now: { a: 'a2', b: 'b2', added: 'x' },
      target: { a: 'a1', b: 'b1' },
      meanwhile: (workspace) => writeTree(workspace, { a: 'a3, by hand', added: 'y' }),
    });
    assert.equal(
      shown,
      lines(
        `restored b`,
        `failed a: ${CHANGED}`,
        `failed added: ${CHANGED}`,
        '--',
        '644 a "a3, by hand"',
        '644 added "y"',
        '644 b "b1"',
      ),
    );
  });

  it('never overwrites what appeared where nothing was', async () => {
    const shown = await play({
      now: {},
      target: { file: 'old', link: link('file'), 'sub/file': 'old' },
      meanwhile: (workspace) => writeTree(workspace, { file: 'new', link: 'new', sub: 'new' }),
    });
    assert.equal(
      shown,
      lines(
        `failed file: ${CHANGED}`,
        `failed link: ${CHANGED}`,
        `failed sub/file: "sub" on the way to it is a symbolic link or a file, not a folder.`,
        '--',
        '644 file "new"',
        '644 link "new"',
        '644 sub "new"',
      ),
    );
  });

  it('never removes a folder that holds a file which no checkpoint has', async () => {
    const shown = await play({
      now: { 'build/out': 'x', 'cache/x': 'x' },
      target: { cache: 'a file' },
      meanwhile: (workspace) => writeTree(workspace, { 'build/ignored': 'precious', 'cache/ignored': 'precious' }),
    });
    assert.equal(
      shown,
      lines(
        'deleted build/out',
        'deleted cache/x',
        'failed cache: A folder with files that no checkpoint has is in its place.',
        '--',
        '755 build/',
        '644 build/ignored "precious"',
        '755 cache/',
        '644 cache/ignored "precious"',
      ),
    );
  });

  it('never goes through a symlink that took the place of a folder', async () => {
    const shown = await play({
      now: { 'd/secret': 'inside', 'd/gone': 'x' },
      target: { 'd/secret': 'older', 'd/new': 'new' },
      meanwhile: async (workspace) => {
        await removeTree(workspace, 'd');
        await writeTree(workspace, { d: link('../outside') });
      },
    });
    const blocked = '"d" on the way to it is a symbolic link or a file, not a folder.';
    assert.equal(
      shown,
      lines(
        `failed d/gone: ${blocked}`,
        `failed d/new: ${blocked}`,
        `failed d/secret: ${blocked}`,
        '--',
        'link d -> "../outside"',
      ),
    );
    assert.equal(await renderFolder(`${root}/outside`), '644 secret "outside"');
  });

  it('replaces a symlink itself and never what it points to', async () => {
    const shown = await play({
      now: { a: link('../outside/secret'), b: 'b', gone: link('../outside') },
      target: { a: 'a file', b: link('../outside/secret'), dangling: link('no/where') },
    });
    assert.equal(
      shown,
      lines(
        'restored a',
        'restored b',
        'restored dangling',
        'deleted gone',
        '--',
        '644 a "a file"',
        'link b -> "../outside/secret"',
        'link dangling -> "no/where"',
      ),
    );
    assert.equal(await renderFolder(`${root}/outside`), '644 secret "outside"');
  });

  for (const operation of ['rename', 'link', 'unlink', 'lstat'] as const) {
    it(`keeps an edit that happens right before any ${operation}`, async () => {
      const count = await countOperations(operation);
      assert.ok(count > 0);
      for (let nth = 1; nth <= count; nth += 1) {
        const workspace = `${root}/${operation}-${nth}`;
        const shown = await play({
          workspace,
          now: { a: 'a2', gone: 'gone' },
          target: { a: 'a1' },
          files: () => before(operation, nth, () => replaceAll(workspace, `edit ${nth}`)),
        });
        for (const name of ['a', 'gone']) {
          assert.ok(
            shown.includes(`"edit ${nth} of ${name}"`),
            `edit of ${name} before ${operation} ${nth}:\n${shown}`,
          );
        }
        assert.ok(!shown.includes('.tmp'), shown);
      }
    });
  }

  async function countOperations(operation: keyof FileOperations): Promise<number> {
    let count = 0;
    await play({
      workspace: `${root}/count`,
      now: { a: 'a2', gone: 'gone' },
      target: { a: 'a1' },
      files: () =>
        before(
          operation,
          0,
          async () => undefined,
          () => (count += 1),
        ),
    });
    return count;
  }

  it('loses nothing that another program writes all the time', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `file${index}`);
    const tree = (text: string): TreeLiteral => Object.fromEntries(names.map((name) => [name, `${text} ${name}`]));
    const workspace = `${root}/busy`;
    await writeTree(`${root}/target`, tree('target'));
    await writeTree(workspace, tree('start'));
    const to = await contents.capture(`${root}/target`);
    const script = `
      const fs = require('node:fs');
      const last = {};
      process.stdin.on('data', () => { console.log(JSON.stringify(last)); process.exit(); });
      process.stdin.on('end', () => process.exit());
      let n = 0;
      const step = () => {
        for (const name of ${JSON.stringify(names)}) {
          const text = 'write ' + (n += 1) + ' of ' + name;
          fs.writeFileSync(name + '.new', text);
          fs.renameSync(name + '.new', name);
          last[name] = text;
        }
        setImmediate(step);
      };
      step();`;
    const writer = spawn(process.execPath, ['-e', script], { cwd: workspace, stdio: ['pipe', 'pipe', 'inherit'] });
    const output = (async () => {
      let text = '';
      for await (const chunk of writer.stdout) {
        text += String(chunk);
      }
      return text;
    })();
    try {
      for (let round = 0; round < 25; round += 1) {
        const from = await contents.capture(workspace);
        const steps = differenceOf(from, to).filter(({ path }) => !path.endsWith('.new'));
        await applySteps(workspace, contents, steps, to);
      }
      writer.stdin.write('end');
      await once(writer, 'exit');
    } finally {
      writer.kill('SIGKILL');
    }
    const last = JSON.parse(await output) as Record<string, string>;
    const onDisk = new Set<string>();
    for (const name of await fs.readdir(workspace)) {
      onDisk.add(await fs.readFile(`${workspace}/${name}`, 'utf8'));
    }
    const captured = new Set([...contents.kept.values()].map(String));
    assert.deepEqual(
      Object.values(last).filter((text) => !onDisk.has(text) && !captured.has(text)),
      [],
    );
  });

  it('restores everything but an immutable file, whose reason it tells', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) {
      this.skip();
    }
    const shown = await play({
      now: { a: 'a2', b: 'b2', c: 'c2' },
      target: { a: 'a1', b: 'b1' },
      meanwhile: async (workspace) => {
        try {
          execFileSync('chattr', ['+i', `${workspace}/b`]);
        } catch {
          this.skip();
        }
      },
    });
    execFileSync('chattr', ['-i', `${root}/workspace/b`]);
    assert.equal(
      shown,
      lines(
        'restored a',
        'deleted c',
        'failed b: The system does not permit it: the file may be protected or immutable (EPERM).',
        '--',
        '644 a "a1"',
        '644 b "b2"',
      ),
    );
  });

  it('restores what fits on a full disk and leaves the rest as it was', async function () {
    const workspace = `${root}/small`;
    await fs.mkdir(workspace);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', workspace], { stdio: 'pipe' });
    } catch {
      this.skip();
    }
    try {
      const shown = await play({
        workspace,
        now: { big: 'now', small: 'now' },
        target: { big: Buffer.alloc(2_000_000, 1), small: 'target' },
      });
      assert.equal(
        shown,
        lines(
          'restored small',
          'failed big: No space is left on the disk (ENOSPC).',
          '--',
          '644 big "now"',
          '644 small "target"',
        ),
      );
    } finally {
      execFileSync('umount', [workspace]);
    }
  });

  it('replaces read-only files and works in a folder whose permissions it restores', async () => {
    const shown = await play({
      now: { readonly: file('now', 0o444), 'closed/a': 'now', closed: folder(0o555) },
      target: { readonly: file('target', 0o400), 'closed/a': 'target', closed: folder(0o755) },
    });
    assert.equal(
      shown,
      lines(
        'restored closed',
        'restored closed/a',
        'restored readonly',
        '--',
        '755 closed/',
        '644 closed/a "target"',
        '400 readonly "target"',
      ),
    );
  });

  it('stops when it is cancelled and says what was not done', async () => {
    const shown = await play({ now: { a: '2' }, target: { a: '1', b: '1' }, signal: AbortSignal.abort() });
    const cancelled = 'The restore was cancelled before it came to this path.';
    assert.equal(shown, lines(`failed a: ${cancelled}`, `failed b: ${cancelled}`, '--', '644 a "2"'));
  });

  it('touches nothing when the store gives other content than it should', async () => {
    const damaged = new MemoryContents();
    const digest = sha256Digest(1);
    digest.update(Buffer.from('1'));
    contents = damaged;
    const shown = await play({
      now: { a: '2' },
      target: { a: '1' },
      meanwhile: async () => damaged.kept.set(digest.id(), Buffer.from('rotten')),
    });
    assert.equal(shown, lines('failed a: Its content in the store is damaged.', '--', '644 a "2"'));
  });
});

/** What an editor does that saves by renaming, to the files that are there. */
async function replaceAll(workspace: string, text: string): Promise<void> {
  for (const name of ['a', 'gone']) {
    await fs.writeFile(`${workspace}/../saved`, `${text} of ${name}`);
    await fs.rename(`${workspace}/../saved`, `${workspace}/${name}`);
  }
}

/** The file functions, with something that happens right before the nth call of one of them. */
function before(
  operation: keyof FileOperations,
  nth: number,
  happens: () => Promise<unknown>,
  onCall: () => unknown = () => undefined,
): FileOperations {
  let calls = 0;
  const original = diskFiles[operation] as (...args: unknown[]) => Promise<unknown>;
  return {
    ...diskFiles,
    [operation]: async (...args: unknown[]) => {
      calls += 1;
      onCall();
      if (calls === nth) {
        await happens();
      }
      return original(...args);
    },
  };
}

function renderReport(report: RestoreReport): string {
  return [
    ...report.restored.map((path) => `restored ${path}`),
    ...report.deleted.map((path) => `deleted ${path}`),
    ...report.failed.map(({ path, reason }) => `failed ${path}: ${reason}`),
  ].join('\n');
}
