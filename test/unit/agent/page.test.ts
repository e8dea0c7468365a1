import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { page } from '../../../src/agent/page.ts';

describe('A page', () => {
  it('is the text itself when everything fits', () => {
    assert.equal(page('all of it', { start_index: 0, max_length: 9 }), 'all of it');
    assert.equal(page('', { start_index: 0, max_length: 1 }), '');
  });

  it('never splits a character, and the pages are the whole text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', '\n', '😀', '𝄞'), minLength: 2, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (text, size) => {
          let start = 0;
          let read = '';
          while (start < text.length) {
            const answer = page(text, { start_index: start, max_length: size });
            const [, next] = /Use start_index=(\d+) to continue/.exec(answer) ?? [];
            const body = next === undefined && start === 0 ? answer : answer.slice(answer.indexOf('\n\n') + 2);
            assert.ok(body.isWellFormed());
            read += body;
            start = next === undefined ? text.length : Number(next);
          }
          assert.equal(read, text);
        },
      ),
    );
  });
});
