import assert from 'node:assert/strict';
import { makeCaptureBench, renderState, settledClock } from '../../support/captureBench.ts';
import type { CaptureBench } from '../../support/captureBench.ts';
import { file, folder, link, removeTree, writeTree } from '../../support/folderTree.ts';
import type { TreeLiteral } from '../../support/folderTree.ts';

describe('a capture', () => {
  let bench: CaptureBench;
  afterEach(() => bench.dispose());

  async function captured(tree: TreeLiteral = {}, ...removed: string[]): Promise<string> {
    await removeTree(bench.workspace, ...removed);
    await writeTree(bench.workspace, tree);
    return renderState(bench.repository, (await bench.capture()).root);
  }

  for (const [when, clock] of [
    ['just written', undefined],
    ['settled', settledClock],
  ] as const) {
    it(`holds files, links, permission bits and empty folders of ${when} files`, async () => {
      bench = await makeCaptureBench(clock && { clock });
      const first = await captured({
        'a.txt': 'one',
        'run.sh': file('#!/bin/sh', 0o755),
        secret: file('s', 0o600),
        'to-a': link('a.txt'),
        broken: link('nowhere'),
        'deep/er/b': 'b',
        private: folder(0o700),
        'private/c': 'c',
        'empty/inner': folder(),
      });
      assert.equal(
        first,
        [
          '644 a.txt "one"',
          'link broken -> nowhere',
          '644 deep/er/b "b"',
          '644 private/c "c"',
          '755 run.sh "#!/bin/sh"',
          '600 secret "s"',
          'link to-a -> a.txt',
          '700 private/',
          '755 empty/inner/ (empty)',
        ].join('\n'),
      );
      const second = await captured(
        { 'a.txt': 'two', 'deep/new': 'n', 'run.sh': file('#!/bin/sh', 0o644), 'broken/x': 'x' },
        'broken',
        'deep/er/b',
      );
      assert.equal(
        second,
        [
          '644 a.txt "two"',
          '644 broken/x "x"',
          '644 deep/new "n"',
          '644 private/c "c"',
          '644 run.sh "#!/bin/sh"',
          '600 secret "s"',
          'link to-a -> a.txt',
          '700 private/',
          '755 deep/er/ (empty)',
          '755 empty/inner/ (empty)',
        ].join('\n'),
      );
      const third = await captured(
        { broken: 'file again', 'a.txt': link('secret') },
        'broken',
        'empty',
        'deep/new',
        'a.txt',
      );
      assert.equal(
        third,
        [
          'link a.txt -> secret',
          '644 broken "file again"',
          '644 private/c "c"',
          '644 run.sh "#!/bin/sh"',
          '600 secret "s"',
          'link to-a -> a.txt',
          '700 private/',
          '755 deep/er/ (empty)',
        ].join('\n'),
      );
    });
  }

  it('holds what is in a folder that took the place of a file which the kept index lists', async () => {
    bench = await makeCaptureBench({ clock: settledClock });
    await captured({ '.gitignore': '*.o\n', a: 'a', b: 'b', 'c.o': 'c' });
    assert.equal(
      await captured({ 'a/x': 'x', 'a/y.o': 'y', 'b/in/z': 'z' }, 'a', 'b'),
      ['644 .gitignore "*.o\\n"', '644 a/x "x"', '644 b/in/z "z"'].join('\n'),
    );
    assert.equal(await captured({ 'b.o/x': 'x' }, 'a', 'b'), '644 .gitignore "*.o\\n"');
  });
});
