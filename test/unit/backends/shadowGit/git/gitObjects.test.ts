import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  EMPTY_BLOB,
  EMPTY_TREE,
  objectId,
  parseTree,
  serializeTree,
} from '../../../../../src/backends/shadowGit/git/gitObjects.ts';
import type { TreeEntry } from '../../../../../src/backends/shadowGit/git/gitObjects.ts';

const ID = EMPTY_BLOB;

describe('a tree object', () => {
  it('sorts a folder as if its name ended with a slash', () => {
    const entries: TreeEntry[] = [
      { name: 'a', mode: '40000', id: ID },
      { name: 'a.b', mode: '100644', id: ID },
      { name: 'a0', mode: '100644', id: ID },
    ];
    assert.deepEqual(
      parseTree(serializeTree(entries)).map(({ name }) => name),
      ['a.b', 'a', 'a0'],
    );
  });

  it('sorts names by their bytes and keeps those that are not UTF-8', () => {
    const names = ['\udcff', '\u{1f600}', '\uffee', 'z', 'é'];
    const tree = serializeTree(names.map((name) => ({ name, mode: '100644', id: ID })));
    assert.deepEqual(
      parseTree(tree).map(({ name }) => name),
      ['z', 'é', '\uffee', '\u{1f600}', '\udcff'],
    );
  });

  it('comes back from its bytes', () => {
    const name = fc.stringMatching(/^[^/\0]+$/).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        const entries = names.map((text): TreeEntry => ({ name: text, mode: '100755', id: ID }));
        assert.deepEqual(new Set(parseTree(serializeTree(entries))), new Set(entries));
      }),
    );
  });

  it('that is cut off is refused', () => {
    const whole = serializeTree([{ name: 'a', mode: '100644', id: ID }]);
    for (let length = 1; length < whole.length; length += 1) {
      assert.throws(() => parseTree(whole.subarray(0, length)), RangeError);
    }
  });

  it('has the ids that git gives to nothing', () => {
    assert.deepEqual([objectId('tree', Buffer.alloc(0)), objectId('blob', Buffer.alloc(0))], [EMPTY_TREE, EMPTY_BLOB]);
  });
});
