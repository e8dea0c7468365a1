import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { printable } from '../../../src/agent/printable.ts';

describe('Text for one line', () => {
  it('is quoted and escaped as in JSON when it is odd', () => {
    assert.deepEqual(
      ['a b.txt', 'ä.txt', 'a\nb', 'a"b', ' a', 'caf\udce9', '\u001b[31m', '\u202Eb', '\u2028'].map(printable),
      ['a b.txt', 'ä.txt', '"a\\nb"', '"a\\"b"', '" a"', '"caf\\udce9"', '"\\u001b[31m"', '"\\u202eb"', '"\\u2028"'],
    );
  });

  it('has no invisible character and can be read back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const shown = printable(text);
        assert.doesNotMatch(shown, /[\p{C}\p{Zl}\p{Zp}]/u);
        assert.equal(shown.startsWith('"') ? JSON.parse(shown) : shown, text);
      }),
    );
  });
});
