import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { parseIndex, serializeIndex } from '../../../src/backends/shadowGit/git/indexFile.ts';
import type { IndexEntry } from '../../../src/backends/shadowGit/git/indexFile.ts';
import { file, link, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox } from '../../support/gitSandbox.ts';
import type { GitSandbox } from '../../support/gitSandbox.ts';

describe('an index written by git', () => {
  let sandbox: GitSandbox;
  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    await writeTree(sandbox.workspace, {
      a: 'a',
      run: file('r', 0o755),
      'to-a': link('a'),
      'folder/a': 'one',
      'folder/ab': 'two',
      'folder/b\udcff"\n': 'three',
      [`${'long/'.repeat(60)}${'n'.repeat(200)}`]: 'long',
    });
    await sandbox.initRepository(sandbox.workspace, { commit: true });
  });
  afterEach(() => sandbox.dispose());

  const read = async () => parseIndex(await fs.readFile(`${sandbox.workspace}/.git/index`));
  const stages = (entries: readonly IndexEntry[]): string =>
    entries.map(({ mode, id, stage, path }) => `${mode.toString(8)} ${id} ${stage}\t${path}\0`).join('');

  for (const version of [2, 4]) {
    it(`of version ${version} is read as git reads it`, async () => {
      await sandbox.git(['update-index', `--index-version=${version}`]);
      assert.equal(stages((await read()).entries), await sandbox.git(['ls-files', '--stage', '-z']));
    });
  }

  it('of version 3 tells of its flags', async () => {
    await writeTree(sandbox.workspace, { later: 'l' });
    await sandbox.git(['add', '--intent-to-add', 'later']);
    await sandbox.git(['update-index', '--assume-unchanged', 'a']);
    await sandbox.git(['update-index', '--skip-worktree', 'run']);
    const flags = (await read()).entries
      .filter(({ assumeValid, skipWorktree, intentToAdd }) => assumeValid || skipWorktree || intentToAdd)
      .map(({ path, assumeValid, skipWorktree, intentToAdd }) => [path, assumeValid, skipWorktree, intentToAdd]);
    assert.deepEqual(flags, [
      ['a', true, false, false],
      ['later', false, false, true],
      ['run', false, true, false],
    ]);
  });

  it('with a conflict tells of all its sides', async () => {
    const id = (await sandbox.git(['hash-object', '-w', 'a'])).trim();
    const sides = [1, 2, 3].map((stage) => `100644 ${id} ${stage}\tclash\n`).join('');
    await sandbox.git(['update-index', '--index-info'], { stdin: sides });
    const clash = (await read()).entries.filter(({ path }) => path === 'clash').map(({ stage }) => stage);
    assert.deepEqual(clash, [1, 2, 3]);
  });

  it('that is split or sparse is known as such', async () => {
    await sandbox.git(['update-index', '--split-index']);
    assert.ok((await read()).extensions.includes('link'));
    await sandbox.git(['update-index', '--no-split-index']);
    await sandbox.git(['sparse-checkout', 'init', '--cone', '--sparse-index']);
    assert.ok((await read()).extensions.includes('sdir'));
  });

  it('is as good for git after we have written it again', async () => {
    const before = await sandbox.git(['ls-files', '--stage', '--debug', '-z']);
    const { entries } = await read();
    await fs.writeFile(`${sandbox.workspace}/.git/index`, serializeIndex(entries.toReversed()));
    assert.equal(await sandbox.git(['ls-files', '--stage', '--debug', '-z']), before);
    assert.equal(await sandbox.git(['diff-files', '--name-only']), '');
    assert.equal(await sandbox.git(['fsck']), '');
  });

  it('that is cut off is refused', async () => {
    const data = await fs.readFile(`${sandbox.workspace}/.git/index`);
    for (const length of [0, 11, 40, 100, 300]) {
      assert.throws(() => parseIndex(data.subarray(0, length)), RangeError);
    }
  });
});
