import assert from 'node:assert/strict';
import { NOW } from '../../src/core/restorePlan.ts';
import { file, folder, link, type TreeLiteral } from '../support/folderTree.ts';
import { type Promised, renderChanges, type Workbench } from './storeContract.ts';

/** Names that break tools which split, quote or match where they must not. */
export const ODD_NAMES = [
  'quote".txt',
  'tab\there',
  'new\nline',
  ' blanks around ',
  '-rf',
  ':(top)x',
  '*',
  '[a]',
  '?',
  '$(x)',
  'ünïcödé 日本 🐛',
  'n\u0303 and ñ',
  'invalid \uDCFF\uDC80 bytes',
  '__proto__',
  'x'.repeat(255),
] as const;

const OUTSIDE = ['../x', 'a/../../x', '/etc/passwd', '', 'nul\0'] as const;

/** What every store with the capability `files` promises about looking into checkpoints. */
export function looking(promised: Promised): void {
  const needs = ['create', 'files'] as const;

  promised('compares a checkpoint with the one before it, with another, and with now', needs, async (tested) => {
    const first = await tested.save('first', { a: '1', b: '1', 'c/d': '1' });
    const second = await tested.save('second', { a: '2', e: '1' }, 'b');
    await tested.workspace.write({ e: '2', f: '1' });
    await tested.workspace.remove('c');
    const { files } = tested;
    const lists = [
      await files.changesIn(first.id),
      await files.changesIn(second.id),
      await files.changes(first.id, second.id),
      await files.changes(second.id, first.id),
      await files.changes(second.id, NOW),
      await files.changes(first.id, first.id),
    ];
    assert.deepEqual(lists.map(renderChanges), ['+a +b +c/d', '~a -b +e', '~a -b +e', '~a +b -e', '-c/d ~e +f', '']);
  });

  promised('sees modes, types, links and empty folders change, and nothing else', needs, async (tested) => {
    await tested.save('first', {
      script: '1',
      swap: '1',
      target: link('a'),
      empty: folder(),
      private: folder(0o700),
      filled: folder(),
      same: '1',
    });
    await tested.workspace.touch('same');
    const second = await tested.save(
      'second',
      { script: file('1', 0o755), 'swap/inner': '1', target: link('b'), private: folder(0o755), 'filled/x': '1' },
      'swap',
      'empty',
    );
    const changes = renderChanges(await tested.files.changesIn(second.id));
    assert.equal(changes, '-empty +filled/x ~private ~script -swap +swap/inner ~target');
  });

  promised('sees an edit that keeps the size and the time', needs, async (tested) => {
    const first = await tested.save('first', { a: 'aaaa' });
    await tested.workspace.write({ a: 'bbbb' });
    assert.equal(renderChanges(await tested.files.changes(first.id, NOW)), '~a');
  });

  promised('gives back the bytes that were there, of files and of links', needs, async (tested) => {
    const binary = Buffer.from([0, 255, 13, 10, 10, 0]);
    const first = await tested.save('first', { binary, empty: '', crlf: 'a\r\nb\n', to: link('../out of here') });
    await tested.save('second', { binary: 'other', empty: 'filled', crlf: 'x', to: link('else') });
    const read = await Promise.all(['binary', 'empty', 'crlf', 'to'].map((path) => tested.files.read(first.id, path)));
    assert.deepEqual(
      read.map((bytes) => Buffer.from(bytes).toString('latin1')),
      [binary.toString('latin1'), '', 'a\r\nb\n', '../out of here'],
    );
    assert.equal(await tested.text(NOW, 'empty'), 'filled');
  });

  promised('describes what a path is in a state', needs, async (tested) => {
    const first = await tested.save('first', { 'a/b': file('x', 0o640), link: link('a'), empty: folder(0o710) });
    await tested.save('second', { 'a/b': file('x', 0o640) }, 'link', 'empty');
    const shown = await Promise.all(
      ['a/b', './a//b', 'link', 'empty', 'a', 'none', 'a/b/c'].map(async (path) => {
        const entry = await tested.files.entry(first.id, path);
        return entry && `${entry.type} ${entry.mode.toString(8)}`;
      }),
    );
    const missing = undefined;
    assert.deepEqual(shown, ['file 640', 'file 640', 'symlink 777', 'folder 710', 'folder 755', missing, missing]);
    const contents = await Promise.all([first.id, NOW].map((at) => tested.files.entry(at, 'a/b')));
    assert.equal(contents[0]?.content, contents[1]?.content);
  });

  promised('says that there is no such file, checkpoint or path', needs, async (tested) => {
    const first = await tested.save('first', { 'a/b': '1' });
    const { files } = tested;
    for (const path of ['none', 'a', 'a/b/c']) {
      await assert.rejects(files.read(first.id, path), { reason: 'notFound' }, path);
    }
    for (const id of ['none', '', '../x', '0000000000000000', 'HEAD', `${first.id}^`]) {
      await assert.rejects(files.read(id, 'a/b'), { reason: 'notFound' }, id);
      await assert.rejects(files.entry(id, 'a/b'), { reason: 'notFound' }, id);
      await assert.rejects(files.changes(first.id, id), { reason: 'notFound' }, id);
      await assert.rejects(files.changesIn(id), { reason: 'notFound' }, id);
    }
    for (const path of OUTSIDE) {
      await assert.rejects(files.read(first.id, path), { reason: 'usage' }, path);
      await assert.rejects(files.history(path), { reason: 'usage' }, path);
    }
  });

  promised('shows differences line by line, of everything or of some paths', needs, async (tested) => {
    const first = await tested.save('first', { 'a/x': '1\n2\n3\n', 'a/y': 'old\n', b: 'b\n' });
    const second = await tested.save('second', { 'a/x': '1\n2!\n3\n', 'a/y': 'new\n', c: 'c\n' }, 'b');
    const diff = (...paths: string[]) => diffLines(tested, first.id, second.id, paths);
    assert.deepEqual(await diff(), ['-2', '+2!', '-old', '+new', '-b', '+c']);
    assert.deepEqual(await diff('a'), ['-2', '+2!', '-old', '+new']);
    assert.deepEqual(await diff('a/y', 'c'), ['-old', '+new', '+c']);
    assert.deepEqual(await diffLines(tested, second.id, first.id, ['a/y']), ['-new', '+old']);
    assert.deepEqual(await diffLines(tested, first.id, first.id, []), []);
  });

  promised('counts the lines of a text, and none of a binary file', needs, async (tested) => {
    const first = await tested.save('first', { text: '1\n2\n3\n', binary: Buffer.from([0, 1]) });
    await tested.workspace.write({ text: '1\nx\ny\n3\n', binary: Buffer.from([0, 2]) });
    const counts = await Promise.all(['text', 'binary'].map((path) => tested.files.lineCounts(first.id, NOW, path)));
    assert.deepEqual(counts, [{ insertions: 2, deletions: 1 }, undefined]);
  });

  promised('takes every name literally', needs, async (tested) => {
    const files = Object.fromEntries(ODD_NAMES.map((name): [string, string] => [name, `in ${name.length}\n`]));
    const tree: TreeLiteral = { ...files, 'deep/er/x': 'other\n', a: 'plain\n' };
    const first = await tested.save('first', tree);
    assert.equal((await tested.files.changesIn(first.id)).length, ODD_NAMES.length + 2);
    for (const name of ODD_NAMES) {
      assert.equal(await tested.text(first.id, name), files[name], name);
      assert.deepEqual(
        (await tested.files.history(name)).map(({ kind }) => kind),
        ['added'],
        name,
      );
    }
    await tested.workspace.write(Object.fromEntries(Object.keys(tree).map((path) => [path, 'changed\n'])));
    for (const name of ['*', ':(top)x', '[a]', '?', '-rf']) {
      const lines = await diffLines(tested, first.id, NOW, [name]);
      assert.deepEqual(lines, [`-${files[name]?.trim()}`, '+changed'], name);
    }
  });

  promised('tells the history of a file: new, modified, unchanged, deleted, new again', needs, async (tested) => {
    await tested.save('before', { other: '1' });
    await tested.save('new', { 'a/f': '1' });
    await tested.save('unchanged', { other: '2' });
    await tested.save('modified', { 'a/f': '2' });
    await tested.save('deleted', {}, 'a/f');
    await tested.save('gone', { other: '3' });
    await tested.save('again', { 'a/f': '1' });
    await tested.workspace.touch('a/f');
    await tested.create('touched');
    assert.deepEqual(await renderVersions(tested, 'a/f'), [
      'touched unchanged 1',
      'again added 1',
      'gone unchanged',
      'deleted deleted',
      'modified modified 2',
      'unchanged unchanged 1',
      'new added 1',
      'before unchanged',
    ]);
    assert.deepEqual(await tested.files.history('./a//f'), await tested.files.history('a/f'));
  });

  promised(
    'keeps the histories of files of one name apart, and knows none of a file that never was',
    needs,
    async (tested) => {
      await tested.save('first', { 'a/f': '1', 'b/f': '1' });
      await tested.save('second', { 'b/f': '2' });
      assert.deepEqual(await Promise.all(['a/f', 'b/f'].map((path) => renderVersions(tested, path))), [
        ['second unchanged 1', 'first added 1'],
        ['second modified 2', 'first added 1'],
      ]);
      assert.deepEqual(await tested.files.history('never'), []);
      assert.deepEqual(await tested.files.history('a'), []);
    },
  );

  promised('sees a moved file go here and come there', needs, async (tested) => {
    await tested.save('first', { 'from/a': 'x', 'from/b': 'y' });
    const second = await tested.save('second', { 'to/a': 'x', 'to/b': 'y' }, 'from');
    assert.equal(renderChanges(await tested.files.changesIn(second.id)), '-from/a -from/b +to/a +to/b');
  });
}

/** The lines of a unified diff that are gone or new. */
async function diffLines(tested: Workbench, from: string, to: string, paths: readonly string[]): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tested.files.diff(from, to, paths)) {
    chunks.push(chunk);
  }
  const lines = Buffer.concat(chunks).toString('latin1').split('\n');
  return lines.filter((line) => /^[-+](?![-+]{2} )/.test(line));
}

/** Versions as text: label of the checkpoint, kind, and the content where there is one. */
async function renderVersions(tested: Workbench, path: string): Promise<string[]> {
  const labels = new Map((await tested.store.list()).map(({ id, label }) => [id, label]));
  return Promise.all(
    (await tested.files.history(path)).map(async ({ checkpoint, kind, entry }) => {
      const content = entry === undefined ? [] : [await tested.text(checkpoint, path)];
      return [labels.get(checkpoint), kind, ...content].join(' ');
    }),
  );
}
