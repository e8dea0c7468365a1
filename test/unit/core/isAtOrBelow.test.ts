import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isAtOrBelow } from '../../../src/core/isAtOrBelow.ts';

describe('a set of files and folders', () => {
  it('holds its paths and what is below them, by whole names', () => {
    const roots = new Set(['a', 'b/c', '*']);
    const paths = ['a', 'a/x', 'a/x/y', 'ab', 'b', 'b/c', 'b/c/d', 'b/cd', 'x/a', '*', '*/x', 'anything'];
    assert.deepEqual(
      paths.filter((path) => isAtOrBelow(path, roots)),
      ['a', 'a/x', 'a/x/y', 'b/c', 'b/c/d', '*', '*/x'],
    );
  });

  it('holds nothing when it is empty, and everything when it holds the workspace folder', () => {
    assert.deepEqual([isAtOrBelow('a/b', new Set()), isAtOrBelow('a/b', new Set(['']))], [false, true]);
  });
});
