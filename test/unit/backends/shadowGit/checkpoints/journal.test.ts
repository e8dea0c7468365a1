import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  journalIsWasteful,
  withinBudget,
} from '../../../../../src/backends/shadowGit/checkpoints/checkpointJournal.ts';
import {
  changeKind,
  decodeLines,
  encodeLine,
  packChanges,
  unpackChange,
} from '../../../../../src/backends/shadowGit/checkpoints/journalLine.ts';
import type { Change, Entry } from '../../../../../src/core/change.ts';
import { journalLine } from '../../../../support/storeLines.ts';

const entry: fc.Arbitrary<Entry> = fc.record(
  {
    type: fc.constantFrom('file', 'symlink', 'folder'),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    content: fc.constantFrom('', 'a'.repeat(40)),
    size: fc.nat(),
  },
  { requiredKeys: ['type', 'mode', 'content'], noNullPrototype: true },
);

function change(path: string, before: Entry | undefined, after: Entry | undefined): Change {
  return { path, kind: changeKind(before, after), ...(before && { before }), ...(after && { after }) };
}

describe('a line of the journal', () => {
  it('gives back every change, with odd names too', () => {
    const path = fc.string({ unit: fc.constantFrom('a', '/', '\n', '"', '\uDCFF', 'é', ' '), minLength: 1 });
    fc.assert(
      fc.property(path, entry, fc.option(entry, { nil: undefined }), (name, one, other) => {
        const changes = [change(name, one, other), change(name, undefined, one)];
        const line = {
          ...journalLine(1, packChanges(changes)),
          skipped: [{ path: name, reason: 'tooLarge', size: 3 }],
        };
        const [decoded] = decodeLines(encodeLine(line as ReturnType<typeof journalLine>));
        assert.deepEqual(decoded, line);
        assert.deepEqual(decoded?.changes?.map(unpackChange), changes);
      }),
    );
  });

  it('is left out when it is torn, foreign or of another format, and harms no other', () => {
    const [first, second] = [encodeLine(journalLine(1, [])), encodeLine(journalLine(2, []))];
    const text = `${first}${second.slice(0, 40)}\n\n42\n${second.replace('"format":1', '"format":9')}${second}`;
    assert.deepEqual(
      decodeLines(text).map(({ commit }) => commit),
      ['c1', 'c2'],
    );
  });
});

describe('the size of the journal', () => {
  const change = ['x', '', 'f644 a'] as const;
  const lines = [3, 0, 2, 4].map((count, index) =>
    journalLine(
      index + 1,
      Array.from({ length: count }, () => change),
    ),
  );

  it('stays limited: lists of the oldest checkpoints give way first', () => {
    const kept = (most: number): (number | undefined)[] =>
      withinBudget(lines, most).map((line) => line.changes?.length);
    assert.deepEqual(
      [kept(9), kept(8), kept(6), kept(5)],
      [
        [3, 0, 2, 4],
        [undefined, 0, 2, 4],
        [undefined, 0, 2, 4],
        [undefined, undefined, undefined, 4],
      ],
    );
  });

  it('is worth writing anew with many outdated lines or far too many changes only', () => {
    const wasteful = [journalIsWasteful(lines, 500), journalIsWasteful(lines, 501), journalIsWasteful(lines, 0, 7)];
    assert.deepEqual(wasteful, [false, true, true]);
  });
});
