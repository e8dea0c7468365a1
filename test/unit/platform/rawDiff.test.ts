import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseRawDiffs } from '../../../src/platform/rawDiff.ts';

const [ONE, TWO, NONE] = ['1'.repeat(40), '2'.repeat(40), '0'.repeat(40)];

describe('the raw comparison of trees', () => {
  it('is read pair by pair, with names that hold line breaks and colons', () => {
    const output = [
      `${ONE} ${TWO}\n`,
      `:100644 100755 ${ONE} ${TWO} M\0:a\nb\0`,
      `:000000 120000 ${NONE} ${TWO} A\0c/d\0`,
      `${TWO} ${ONE}\n`,
      `${TWO} ${TWO}\n`,
      `:100644 000000 ${ONE} ${NONE} D\0e\xff\0`,
    ];
    const shown = parseRawDiffs(Buffer.from(output.join(''), 'latin1')).map(
      ({ from, to, rows }) =>
        `${from[0]}-${to[0]} ${rows.map(({ path, before, after }) => `${path}: ${before?.mode} ${after?.mode} ${after?.id[0]}`).join(', ')}`,
    );
    assert.deepEqual(shown, [
      '1-2 :a\nb: 100644 100755 2, c/d: undefined 120000 2',
      '2-1 ',
      '2-2 e\uDCFF: 100644 undefined undefined',
    ]);
  });
});
