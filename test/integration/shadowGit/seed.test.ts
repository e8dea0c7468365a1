import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { readState } from '../../../src/backends/shadowGit/state/stateTree.ts';
import { makeCaptureBench, renderState, settledClock } from '../../support/captureBench.ts';
import type { CaptureBench } from '../../support/captureBench.ts';
import { file, folder, link, renderFolder, removeTree, writeOldTree, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox } from '../../support/gitSandbox.ts';
import type { GitSandbox } from '../../support/gitSandbox.ts';

const UNKNOWN_STATE = '0'.repeat(40);

const PROJECT = {
  'README.md': 'read me\n',
  'src/main.c': 'int main;\n',
  'src/lib/util.c': 'int util;\n',
  'run.sh': file('#!/bin/sh\n', 0o755),
  'to-readme': link('README.md'),
  '.gitignore': '*.o\nbuild/\n',
  'docs/a.txt': 'a\n',
  'docs/b.txt': 'b\n',
};

interface Scenario {
  readonly prepare: (sandbox: GitSandbox) => Promise<void>;
  /** The folder that is opened; the sandbox's workspace by default. */
  /** Why nothing of the repository can be used. */
  readonly reads?: 'everything';
  readonly open?: (sandbox: GitSandbox) => string;
}

async function project({ workspace, initRepository }: GitSandbox): Promise<void> {
  await writeOldTree(workspace, PROJECT);
  await initRepository(workspace, { commit: true });
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a clean repository': { prepare: project },
  'changes that are staged, unstaged, untracked and ignored': {
    async prepare(sandbox) {
      await project(sandbox);
      await writeTree(sandbox.workspace, {
        'README.md': 'staged\n',
        'staged.txt': 'new\n',
        'x.o': 'object',
        'build/out': 'o',
      });
      await sandbox.git(['add', 'README.md', 'staged.txt']);
      await sandbox.git(['rm', '--quiet', '--cached', 'docs/a.txt']);
      await sandbox.git(['rm', '--quiet', 'docs/b.txt']);
      await writeTree(sandbox.workspace, {
        'src/main.c': 'int MAIN;\n',
        'other/file': 'o',
        'to-readme': link('run.sh'),
        hollow: folder(),
      });
      await removeTree(sandbox.workspace, 'src/lib');
    },
  },
  'a tracked file that a rule ignores': {
    async prepare(sandbox) {
      await project(sandbox);
      await writeTree(sandbox.workspace, { 'keep.o': 'tracked', 'build/kept': 'tracked', 'build/other': 'ignored' });
      await sandbox.git(['add', '--force', 'keep.o', 'build/kept']);
    },
  },
  'flags in the index that hide changes': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['update-index', '--assume-unchanged', 'README.md']);
      await sandbox.git(['update-index', '--skip-worktree', 'docs/a.txt']);
      await writeTree(sandbox.workspace, { 'README.md': 'hidden\n', 'docs/a.txt': 'hidden too\n', 'later.txt': 'l' });
      await sandbox.git(['add', '--intent-to-add', 'later.txt']);
    },
  },
  'a conflict': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['checkout', '--quiet', '-b', 'side']);
      await writeTree(sandbox.workspace, { 'README.md': 'side\n' });
      await sandbox.git(['commit', '--quiet', '-am', 'side']);
      await sandbox.git(['checkout', '--quiet', 'main']);
      await writeTree(sandbox.workspace, { 'README.md': 'main\n' });
      await sandbox.git(['commit', '--quiet', '-am', 'main']);
      await sandbox.git(['merge', 'side']).catch(() => undefined);
    },
  },
  'an index of version 4': {
    prepare: async (sandbox) => {
      await project(sandbox);
      await sandbox.git(['update-index', '--index-version=4']);
    },
  },
  'a split index': {
    reads: 'everything',
    prepare: async (sandbox) => {
      await project(sandbox);
      await sandbox.git(['update-index', '--split-index']);
    },
  },
  'a sparse checkout with a sparse index': {
    reads: 'everything',
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['sparse-checkout', 'init', '--cone', '--sparse-index']);
      await sandbox.git(['sparse-checkout', 'set', 'src']);
    },
  },
  'a sparse checkout': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['sparse-checkout', 'set', '--no-cone', 'src/', 'README.md']);
    },
  },
  'a repository without commits': {
    reads: 'everything',
    prepare: async (sandbox) => {
      await writeTree(sandbox.workspace, PROJECT);
      await sandbox.initRepository();
    },
  },
  'a packed repository': {
    prepare: async (sandbox) => {
      await project(sandbox);
      await sandbox.git(['repack', '-adq']);
    },
  },
  'a SHA-256 repository': {
    reads: 'everything',
    async prepare(sandbox) {
      await writeTree(sandbox.workspace, PROJECT);
      await sandbox.initRepository(sandbox.workspace, { commit: true, args: ['--object-format=sha256'] });
    },
  },
  'a linked worktree': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['worktree', 'add', '--quiet', `${sandbox.root}/linked`, '-b', 'linked']);
      await writeTree(`${sandbox.root}/linked`, { 'README.md': 'in the linked one\n' });
    },
    open: ({ root }) => `${root}/linked`,
  },
  'a clone that borrows its objects': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['clone', '--quiet', '--shared', sandbox.workspace, `${sandbox.root}/clone`]);
    },
    open: ({ root }) => `${root}/clone`,
  },
  'a shallow clone': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['commit', '--quiet', '--allow-empty', '-m', 'second']);
      await sandbox.git(['clone', '--quiet', '--depth=1', `file://${sandbox.workspace}`, `${sandbox.root}/clone`]);
    },
    open: ({ root }) => `${root}/clone`,
  },
  'a clone without all blobs': {
    reads: 'everything',
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.git(['config', 'uploadpack.allowFilter', 'true']);
      await sandbox.git([
        'clone',
        '--quiet',
        '--filter=blob:none',
        '--sparse',
        `file://${sandbox.workspace}`,
        `${sandbox.root}/clone`,
      ]);
    },
    open: ({ root }) => `${root}/clone`,
  },
  'a folder inside a repository': {
    async prepare(sandbox) {
      await project(sandbox);
      await writeTree(sandbox.workspace, {
        'src/x.o': 'ignored by the top',
        'src/new.c': 'new\n',
        'src/lib/util.c': 'changed\n',
      });
    },
    open: ({ workspace }) => `${workspace}/src`,
  },
  'an untracked folder inside a repository': {
    async prepare(sandbox) {
      await project(sandbox);
      await writeTree(sandbox.workspace, { 'new/x.o': 'ignored by the top', 'new/deep/a': 'a' });
    },
    open: ({ workspace }) => `${workspace}/new`,
  },
  'an ignored folder inside a repository': {
    reads: 'everything',
    async prepare(sandbox) {
      await project(sandbox);
      await writeTree(sandbox.workspace, { 'build/a': 'a', 'build/deep/x.o': 'not ignored: it stands alone' });
    },
    open: ({ workspace }) => `${workspace}/build`,
  },
  'line ends, ids, encodings and filters that git converts': {
    async prepare(sandbox) {
      await sandbox.initRepository();
      await sandbox.git(['config', 'core.autocrlf', 'input']);
      await sandbox.git(['config', 'filter.upper.clean', 'tr a-z A-Z']);
      await sandbox.git(['config', 'filter.upper.smudge', `touch ${sandbox.root}/filter-ran; cat`]);
      await writeOldTree(sandbox.workspace, {
        '.gitattributes': '*.id ident\n*.up filter=upper\n*.u16 working-tree-encoding=UTF-16LE\n*.eol text eol=crlf\n',
        'dos.txt': 'one\r\ntwo\r\n',
        'unix.txt': 'one\ntwo\n',
        'same.up': 'lower\n',
        'wide.u16': Buffer.from('wide\n', 'utf16le'),
        'mark.id': '$Id: 1234567890123456789012345678901234567890 $\n',
        'x.eol': 'a\r\nb\r\n',
      });
      await sandbox.git(['add', '--all']);
      await sandbox.git(['commit', '--quiet', '-m', 'converted']);
    },
  },
  'submodules and nested repositories': {
    async prepare(sandbox) {
      await project(sandbox);
      await sandbox.initRepository(`${sandbox.root}/library`);
      await writeTree(`${sandbox.root}/library`, { 'lib.c': 'lib\n', '.gitignore': '*.tmp\n' });
      await sandbox.git(['add', '--all'], { cwd: `${sandbox.root}/library` });
      await sandbox.git(['commit', '--quiet', '-m', 'lib'], { cwd: `${sandbox.root}/library` });
      await sandbox.git(['submodule', '--quiet', 'add', `${sandbox.root}/library`, 'third/library']);
      await sandbox.git(['commit', '--quiet', '-m', 'add the library']);
      await writeTree(sandbox.workspace, {
        'third/library/lib.c': 'changed\n',
        'third/library/new.c': 'new\n',
        'third/library/x.tmp': 'ignored',
      });
      await sandbox.initRepository(`${sandbox.workspace}/nested`);
      await writeTree(sandbox.workspace, { 'nested/a': 'a', 'nested/deeper/b': 'b' });
      await sandbox.initRepository(`${sandbox.workspace}/nested/deeper`, { commit: true });
    },
  },
};

describe('the first capture', () => {
  let benches: CaptureBench[] = [];
  afterEach(async () => {
    for (const bench of benches.splice(0).toReversed()) {
      await bench.dispose();
    }
  });

  for (const [name, { prepare, open, reads }] of Object.entries(SCENARIOS)) {
    it(`of ${name} holds what is on disk and leaves the repository as it was`, async () => {
      const sandbox = await makeGitSandbox();
      await prepare(sandbox);
      const workspace = open?.(sandbox) ?? sandbox.workspace;
      const plain = await makeCaptureBench({
        sandbox,
        workspace,
        dataHome: `${sandbox.root}/plain`,
        clock: settledClock,
      });
      const seeded = await makeCaptureBench({ sandbox, workspace, clock: settledClock });
      benches = [plain, seeded];
      const before = await renderFolder(sandbox.root, (path) => path === 'data' || path === 'plain');
      const expected = await plain.capture({ previous: UNKNOWN_STATE });
      const actual = await seeded.capture();
      assert.equal(await renderFolder(sandbox.root, (path) => path === 'data' || path === 'plain'), before);
      assert.equal(
        await renderState(seeded.repository, actual.root),
        await renderState(plain.repository, expected.root),
      );
      const start = `The first checkpoint of ${workspace} starts from its repository.`;
      assert.deepEqual(seeded.messages, reads === 'everything' ? [] : [start]);
      const again = await seeded.capture({ previous: actual.root });
      assert.equal(again.root, actual.root);
      await writeTree(workspace, { 'after.txt': 'after' });
      const [a, b] = [
        await seeded.capture({ previous: actual.root }),
        await plain.capture({ previous: expected.root }),
      ];
      assert.equal(await treeOf(seeded, a.root), await treeOf(plain, b.root));
      await seeded.store('update-ref', 'refs/checkpoints/test', a.root);
      assert.equal((await seeded.store('fsck', '--no-dangling')).trim(), '');
    });
  }

  async function treeOf({ repository }: CaptureBench, root: string): Promise<string> {
    return (await readState(repository.objects, root)).workspaceTree;
  }

  it('of a clean repository writes next to nothing and survives the loss of the repository', async () => {
    const sandbox = await makeGitSandbox();
    await writeOldTree(
      sandbox.workspace,
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`dir${n % 7}/f${n}`, `${n}`])),
    );
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    await sandbox.git(['repack', '-adq']);
    const bench = await makeCaptureBench({ sandbox, clock: settledClock });
    benches = [bench];
    const { root } = await bench.capture();
    const expected = await renderState(bench.repository, root);
    await fs.rm(`${sandbox.workspace}/.git`, { recursive: true });
    bench.repository.objects.restart();
    assert.equal(await renderState(bench.repository, root), expected);
    assert.match(await bench.store('count-objects', '-v'), /^count: [0-3]$/m);
  });
});
