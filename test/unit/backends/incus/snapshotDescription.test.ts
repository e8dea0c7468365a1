import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  formatDescription,
  parseDescription,
  type SnapshotFacts,
} from '../../../../src/backends/incus/snapshotDescription.ts';

const THEN = '2026-01-01T00:00:00.5Z';

const facts: fc.Arbitrary<SnapshotFacts> = fc.record(
  {
    label: fc.string({ unit: 'grapheme' }),
    origin: fc.constantFrom('manual', 'auto', 'agent', 'safety'),
    pinned: fc.boolean(),
    pairId: fc.string(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe('The description of a snapshot', () => {
  it('gives back every note and fact that was written into it', () => {
    const note = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string().map((text) => `${text}\n[snapshot-timeline {"of":""}]`),
    );
    fc.assert(
      fc.property(note, facts, (text, known) => {
        const description = { note: text, facts: known };
        assert.deepEqual(parseDescription(formatDescription(description, THEN), THEN), description);
      }),
    );
  });

  it('is one line of ours whatever separates lines in a title', () => {
    const description = { note: 'n', facts: { label: 'a\u2028b\rc\u2029' } };
    assert.deepEqual(parseDescription(formatDescription(description, THEN), THEN), description);
  });

  it('is readable: the note first, then one line', () => {
    assert.equal(
      formatDescription({ note: 'first\nsecond', facts: { label: 'A title', pinned: true } }, THEN),
      `first\nsecond\n[snapshot-timeline {"of":"${THEN}","label":"A title","pinned":true}]`,
    );
  });

  it('by somebody else is a note', () => {
    assert.deepEqual(
      ['', 'a note', '[snapshot-timeline {broken]', '[snapshot-timeline {"no":1}]'].map((text) =>
        parseDescription(text, THEN),
      ),
      ['', 'a note', '[snapshot-timeline {broken]', '[snapshot-timeline {"no":1}]'].map((note) => ({
        note,
        facts: {},
      })),
    );
  });

  it('that a later snapshot inherited says nothing about it', () => {
    const inherited = formatDescription({ note: 'n', facts: { pinned: true } }, THEN);
    assert.deepEqual(parseDescription(inherited, '2026-01-01T00:00:00.6Z'), { note: '', facts: {} });
  });
});
