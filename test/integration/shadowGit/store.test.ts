import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import { NOW } from '../../../src/core/restorePlan.ts';
import { file, folder, link, removeTree, writeTree } from '../../support/folderTree.ts';
import { makeGitSandbox, type GitSandbox } from '../../support/gitSandbox.ts';
import { openTestStore, renderChanges, type TestStore, type TestStoreOptions } from '../../support/shadowStore.ts';

describe('the shadow store', () => {
  let sandbox: GitSandbox;
  let opened: TestStore[];

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    opened = [];
  });

  afterEach(async () => {
    opened.forEach(({ store }) => store.dispose());
    await sandbox.dispose();
  });

  async function open(options?: TestStoreOptions): Promise<TestStore> {
    const store = await openTestStore(sandbox.workspace, sandbox.dataHome, options);
    opened.push(store);
    return store;
  }

  async function reasonOf(promise: Promise<unknown>): Promise<string> {
    return promise.then(
      () => 'no error',
      (error: unknown) => (isCheckpointError(error) ? `${error.reason}: ${error.message}` : String(error)),
    );
  }

  async function fsck(gitDir: string): Promise<string> {
    return sandbox.git(['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling']);
  }

  it('is empty at first', async () => {
    const { store, files } = await open();
    assert.deepEqual([await store.list(), await files.history('x')], [[], []]);
  });

  it('counts what the first checkpoint of a large folder adds as many as it tells when asked', async () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`d${index % 50}/f${index}`, '']));
    await writeTree(sandbox.workspace, { ...many, closed: folder(0o700), 'd1/narrow': folder() });
    const { create, files } = await open();
    const first = await create();
    const told = await files.changesIn(first.id);
    assert.deepEqual([first.changes, told.length], [{ added: 5003, modified: 0, deleted: 0 }, 5003]);
  });

  it('lists what was created, newest first, with all that was said and counted', async () => {
    const now = new Date('2026-01-02T03:04:05.678Z');
    const { create, store } = await open({ now: () => now });
    await writeTree(sandbox.workspace, { a: 'one', 'sub/b': 'two' });
    const first = await create();
    await writeTree(sandbox.workspace, { a: 'three' });
    await removeTree(sandbox.workspace, 'sub');
    await writeTree(sandbox.workspace, { new: 'four' });
    const second = await create('Before the change', { origin: 'agent', note: 'two\nlines' });
    assert.match(first.name, /^snap-\d{8}-\d{6}$/);
    assert.equal(first.label, first.name);
    assert.match(second.id, /^[0-9a-f]{16}$/);
    assert.deepEqual(second, {
      id: second.id,
      store: 'workspace',
      backend: 'shadowGit',
      name: 'Before-the-change',
      label: 'Before the change',
      note: 'two\nlines',
      createdAt: '2026-01-02T03:04:05.678Z',
      exactTime: true,
      origin: 'agent',
      scope: ['workspace'],
      stateful: false,
      pinned: false,
      changes: { added: 1, modified: 1, deleted: 1 },
      coverage: { skipped: [] },
    });
    assert.deepEqual(first.changes, { added: 2, modified: 0, deleted: 0 });
    assert.deepEqual(await store.list(), [second, first]);
    const again = await open();
    assert.deepEqual(await again.store.list(), [second, first]);
  });

  it('keeps each checkpoint as a parentless commit under its own ref', async () => {
    const { create, gitDir } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const one = await create('First');
    const two = await create('Second');
    const git = (...args: string[]): Promise<string> => sandbox.git(['--git-dir', gitDir, ...args]);
    const refs = await git(
      'for-each-ref',
      '--format=%(refname) [%(parent)] %(subject)',
      '--sort=subject',
      'refs/checkpoints',
    );
    assert.equal(refs, `refs/checkpoints/${one.id} [] First\nrefs/checkpoints/${two.id} [] Second\n`);
    assert.equal(await git('cat-file', '-p', `refs/checkpoints/${one.id}:workspace/a`), 'one');
    assert.equal(await fsck(gitDir), '');
  });

  it('makes nothing for ifChanged without a change, and answers a safety request with the newest', async () => {
    const { create, store, labels } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    const make = requireCapability(store.capabilities.create);
    assert.equal(await make({ origin: 'auto', ifChanged: true }), undefined);
    assert.equal((await make({ origin: 'safety' }))?.id, first.id);
    assert.deepEqual(await labels(), ['first']);
    await writeTree(sandbox.workspace, { a: 'two' });
    const safety = await make({ origin: 'safety', label: 'kept' });
    const another = await make({ origin: 'safety', label: 'another' });
    assert.notEqual(another?.id, safety?.id);
    assert.deepEqual(await labels(), ['another', 'kept', 'first']);
  });

  it('keeps the order of creation when the clock goes backwards', async () => {
    let minute = 50;
    const { create, labels } = await open({ now: () => new Date(2026, 0, 1, 12, (minute -= 10)) });
    for (const label of ['a', 'b', 'c']) {
      await writeTree(sandbox.workspace, { file: label });
      await create(label);
    }
    assert.deepEqual(await labels(), ['c', 'b', 'a']);
    assert.deepEqual(await (await open()).labels(), ['c', 'b', 'a']);
  });

  it('refuses a name that is taken and gives titles a name of their own', async () => {
    const { create, store } = await open();
    await create('stable');
    assert.equal(await reasonOf(create('stable')), 'conflict: There is a checkpoint named "stable" already.');
    await create('My title');
    await create('My title');
    assert.deepEqual(
      (await store.list()).map(({ name, label }) => `${name} (${label})`),
      ['My-title-2 (My title)', 'My-title (My title)', 'stable (stable)'],
    );
  });

  it('compares any two states, the folder as it is now included; a folder that only became empty is no change', async () => {
    const { create, files } = await open();
    await writeTree(sandbox.workspace, {
      edited: 'one',
      gone: 'x',
      bits: file('same', 0o644),
      exec: 'same',
      swapped: 'file',
      'deep/er/x': '1',
      empty: folder(),
    });
    const first = await create();
    await removeTree(sandbox.workspace, 'gone', 'swapped', 'empty', 'deep/er/x');
    await writeTree(sandbox.workspace, {
      edited: 'two',
      bits: file('same', 0o600),
      exec: file('same', 0o755),
      swapped: link('edited'),
      'tab\there': 'odd',
      'b\uDCFFd': 'odd',
      private: folder(0o700),
    });
    const second = await create();
    const expected = [
      'M 644→600 bits',
      'A 644 b\uDCFFd',
      'M 644 edited',
      'D 755 empty/',
      'D 644 deep/er/x',
      'M 644→755 exec',
      'D 644 gone',
      'A 700 private/',
      'M 644→777 swapped file→symlink',
      'A 644 tab\there',
    ].toSorted();
    assert.deepEqual(renderChanges(await files.changes(first.id, second.id)).toSorted(), expected);
    assert.deepEqual(await files.changes(first.id, NOW), await files.changes(first.id, second.id));
    assert.deepEqual(await files.changes(second.id, NOW), []);
    assert.deepEqual(await files.changesIn(second.id), await files.changes(first.id, second.id));
    const paths = (await files.changes(first.id, second.id)).map(({ path }) => path);
    assert.deepEqual(
      paths,
      paths.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const edited = (await files.changes(first.id, second.id)).find(({ path }) => path === 'edited');
    assert.deepEqual([edited?.before?.size, edited?.after?.size], [3, 3]);
  });

  it('lists everything for the first checkpoint', async () => {
    const { create, files } = await open();
    await writeTree(sandbox.workspace, { a: file('x', 0o600), 'b/c': 'y', d: folder() });
    const first = await create();
    assert.deepEqual(renderChanges(await files.changesIn(first.id)), ['A 600 a', 'A 644 b/c', 'A 755 d/']);
  });

  it('shows differences as git does, limited to literal paths, with permission bits', async () => {
    const { create, files } = await open();
    await writeTree(sandbox.workspace, {
      '*': 'one\n',
      abc: 'one\n',
      'x\uDCFFy': 'one\n',
      bits: 'same',
      'sub/a': 'one\n',
    });
    const first = await create();
    await writeTree(sandbox.workspace, {
      '*': 'two\n',
      abc: 'two\n',
      'x\uDCFFy': 'two\n',
      bits: file('same', 0o600),
      'sub/a': 'two\n',
    });
    const second = await create();
    const shown = async (...paths: string[]): Promise<string[]> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of files.diff(first.id, second.id, paths)) {
        chunks.push(chunk);
      }
      const lines = Buffer.concat(chunks).toString('latin1').split('\n');
      return lines.filter((line) => /^(?:diff|[-+](?![-+])|new mode)/.test(line));
    };
    assert.deepEqual(await shown('*'), ['diff --git a/* b/*', '-one', '+two']);
    assert.deepEqual(await shown('./sub/'), ['diff --git a/sub/a b/sub/a', '-one', '+two']);
    assert.deepEqual(await shown('x\uDCFFy'), ['diff --git a/x\xffy b/x\xffy', '-one', '+two']);
    assert.deepEqual(await shown('bits'), ['diff --git a/bits b/bits', 'new mode 100600']);
    assert.equal((await shown()).filter((line) => line.startsWith('diff')).length, 5);
    assert.equal(await reasonOf(shown('../x')), 'usage: "../x" is not a path inside the workspace folder.');
    assert.deepEqual(await files.lineCounts(first.id, second.id, 'abc'), { insertions: 1, deletions: 1 });
    assert.equal(await files.lineCounts(first.id, second.id, 'bits'), undefined);
  });

  it('reads files, links and folders of any state', async () => {
    const { create, files } = await open();
    const bytes = Buffer.from([0, 255, 13, 10, 26]);
    await writeTree(sandbox.workspace, { bin: bytes, here: link('bin'), sub: folder(0o700) });
    const first = await create();
    await writeTree(sandbox.workspace, { bin: 'now' });
    assert.deepEqual(Buffer.from(await files.read(first.id, 'bin')), bytes);
    assert.equal(Buffer.from(await files.read(first.id, './here')).toString(), 'bin');
    assert.equal(Buffer.from(await files.read(NOW, 'bin')).toString(), 'now');
    assert.deepEqual(await files.entry(first.id, 'sub'), { type: 'folder', mode: 0o700, content: '' });
    assert.equal(await files.entry(first.id, 'bin/x'), undefined);
    assert.equal(await reasonOf(files.read(first.id, 'no')), 'notFound: There is no file "no" in that state.');
    assert.equal(
      await reasonOf(files.read('0'.repeat(16), 'bin')),
      'notFound: There is no checkpoint "0000000000000000".',
    );
    assert.equal(
      await reasonOf(files.read(first.id, '../bin')),
      'usage: "../bin" is not a path inside the workspace folder.',
    );
  });

  it('knows every version of a file, with and without the journal', async () => {
    const { create, files, dataFolder } = await open();
    const states: (string | undefined)[] = [undefined, 'one', 'one', 'two', undefined, 'one'];
    for (const state of states) {
      await removeTree(sandbox.workspace, 'a');
      await writeTree(sandbox.workspace, state === undefined ? { other: 'x' } : { a: state });
      await create();
    }
    const expected = ['added', 'deleted', 'modified', 'unchanged', 'added', 'unchanged'];
    const history = await files.history('a');
    assert.deepEqual(
      history.map(({ kind }) => kind),
      expected,
    );
    await fs.rm(`${dataFolder}/journal.jsonl`);
    assert.deepEqual(await (await open()).files.history('./a'), history);
    assert.deepEqual(await files.history('never'), []);
  });

  it('changes what is said about a checkpoint and keeps its id, place and content', async () => {
    const { create, store, files, gitDir } = await open();
    await writeTree(sandbox.workspace, { a: 'one' });
    const first = await create('first');
    await create('second');
    const annotate = requireCapability(store.capabilities.annotate);
    await annotate(first.id, { label: 'Renamed checkpoint' });
    await annotate(first.id, { note: 'a\nnote' });
    const changed = await annotate(first.id, { pinned: true });
    assert.deepEqual(changed, {
      ...first,
      name: 'Renamed-checkpoint',
      label: 'Renamed checkpoint',
      note: 'a\nnote',
      pinned: true,
    });
    assert.deepEqual((await (await open()).store.list())[1], changed);
    assert.equal((await files.read(first.id, 'a')).length, 3);
    assert.equal(
      await reasonOf(annotate(first.id, { label: 'second' })),
      'conflict: There is a checkpoint named "second" already.',
    );
    assert.match(await reasonOf(annotate(first.id, { label: ' \n' })), /^usage/);
    assert.match(await reasonOf(annotate('no', { label: 'x' })), /^notFound/);
    assert.equal(await fsck(gitDir), '');
  });

  it('deletes exactly the named ones, after which the next one has other changes', async () => {
    const { create, store, files, labels } = await open();
    const ids: string[] = [];
    for (const label of ['a', 'b', 'c']) {
      await writeTree(sandbox.workspace, { [label]: label });
      ids.push((await create(label)).id);
    }
    const remove = requireCapability(store.capabilities.delete);
    assert.match(await reasonOf(remove([ids[0] as string, 'unknown'])), /^notFound/);
    assert.deepEqual(await labels(), ['c', 'b', 'a']);
    await remove([ids[1] as string]);
    assert.deepEqual(await labels(), ['c', 'a']);
    assert.deepEqual(renderChanges(await files.changesIn(ids[2] as string)), ['A 644 b', 'A 644 c']);
    assert.deepEqual((await store.list())[0]?.changes, { added: 2, modified: 0, deleted: 0 });
    assert.deepEqual(
      (await files.history('b')).map(({ kind }) => kind),
      ['added', 'unchanged'],
    );
    await remove([ids[0] as string, ids[2] as string]);
    assert.deepEqual(await labels(), []);
    assert.deepEqual(await (await open()).labels(), []);
  });

  it('compacts several into the newest state at its place, honouring deletions', async () => {
    const { create, store, files, labels, gitDir } = await open({ maxUntrackedFileSize: 10 });
    await writeTree(sandbox.workspace, { kept: 'k', gone: 'g', big: file('small', 0o600) });
    const first = await create('first');
    await writeTree(sandbox.workspace, { kept: 'kk' });
    await removeTree(sandbox.workspace, 'gone');
    await create('second');
    await writeTree(sandbox.workspace, { big: file('x'.repeat(11), 0o600), new: 'n' });
    const third = await create('third');
    const fourth = await create('fourth');
    const compact = requireCapability(store.capabilities.compact);
    const made = await compact([first.id, third.id], 'both', undefined);
    assert.deepEqual(await labels(), ['fourth', 'both', 'second']);
    assert.equal(made.createdAt, third.createdAt);
    assert.deepEqual(made.coverage, { skipped: [] });
    assert.deepEqual(await files.entry(made.id, 'gone'), undefined);
    const content = await Promise.all(['kept', 'new', 'big'].map((path) => files.read(made.id, path)));
    assert.deepEqual(
      content.map(String),
      ['kk', 'n', 'small'].map((text) => String(Buffer.from(text))),
    );
    assert.equal((await files.entry(made.id, 'big'))?.mode, 0o600);
    assert.deepEqual(renderChanges(await files.changesIn(fourth.id)), ['D 600 big']);
    assert.equal(await fsck(gitDir), '');
  });

  it('compacts nothing when a source is pinned, unknown or alone', async () => {
    const { create, store, labels } = await open();
    const first = await create('first');
    const second = await create('second');
    await requireCapability(store.capabilities.annotate)(first.id, { pinned: true });
    const compact = requireCapability(store.capabilities.compact);
    assert.match(
      await reasonOf(compact([first.id, second.id], undefined)),
      /^conflict: The checkpoint "first" is pinned/,
    );
    assert.match(await reasonOf(compact([second.id, 'unknown'], undefined)), /^notFound/);
    assert.match(await reasonOf(compact([second.id, second.id], undefined)), /^usage/);
    assert.deepEqual(await labels(), ['second', 'first']);
  });
});
