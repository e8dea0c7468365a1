import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  type RestoreRecord,
  replaceRecord,
  undoState,
  withoutLastStep,
  withRecord,
} from '../../../src/core/restoreLog.ts';

/** Records from text: `a b>s4 c>s5`, where `>` names the state before an undo. Each has safety `<id>0` and target `<id>1`. */
function recordsOf(text: string): RestoreRecord[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [id = '', undoneFrom] = word.split('>');
      const ends = { safety: `${id}0`, target: `${id}1`, targetLabel: id };
      const record = {
        id,
        kind: 'restore',
        store: 'files',
        ...ends,
        paths: ['x'],
        doneAt: '2025-01-01T00:00:00Z',
      } as const;
      return undoneFrom === undefined ? record : { ...record, undoneFrom };
    });
}

const render = (records: readonly RestoreRecord[]) =>
  records.map(({ id, undoneFrom }) => (undoneFrom === undefined ? id : `${id}>${undoneFrom}`)).join(' ');

describe('the log of restores', () => {
  it('undoes the last that is done and redoes the first that is undone', () => {
    const states = ['', 'a b', 'a b>1 c>2', 'a>1'].map((text) => {
      const { undo, redo } = undoState(recordsOf(text));
      return `${undo?.id ?? 'none'} ${redo?.id ?? 'none'}`;
    });
    assert.deepEqual(states, ['none none', 'b none', 'a b', 'none a']);
  });

  it('takes a new record for those that are undone, and for the oldest where they are too many', () => {
    const many = Array.from({ length: 100 }, (_, index) => `r${index}`).join(' ');
    const [added] = recordsOf('new');
    assert.ok(added);
    assert.equal(render(withRecord(recordsOf('a b>1'), added)), 'a new');
    assert.equal(render(withRecord(recordsOf(many), added)), `${many.slice('r0 '.length)} new`);
  });

  it('lets the oldest records go rather than to list paths without end, but never the new one', () => {
    const sized = (text: string, count: number) =>
      recordsOf(text).map((record) => ({ ...record, paths: Array.from({ length: count }, () => 'x') }));
    const [middle, huge] = [sized('new', 80_000)[0], sized('new', 300_000)[0]];
    assert.ok(middle && huge);
    assert.equal(render(withRecord(sized('a b c', 60_000), middle)), 'b c new');
    assert.equal(render(withRecord(sized('a b c', 1), huge)), 'new');
  });

  it('replaces a record by its id', () => {
    const [changed] = recordsOf('b>9');
    assert.ok(changed);
    assert.equal(render(replaceRecord(recordsOf('a b c'), changed)), 'a b>9 c');
  });

  it('forgets a restore that was rolled back', () => {
    assert.equal(render(withoutLastStep(recordsOf('a b'), { target: 'b1', now: 'b0' })), 'a');
  });

  it('takes back the mark of an undo that was rolled back', () => {
    assert.equal(render(withoutLastStep(recordsOf('a b>s7 c>s6'), { target: 'b0', now: 's7' })), 'a b c>s6');
  });

  it('puts the mark of a redo that was rolled back on again', () => {
    assert.equal(render(withoutLastStep(recordsOf('a b c>s6'), { target: 's7', now: 's9' })), 'a b>s7 c>s6');
  });

  it('stays empty when it knows of nothing', () => {
    assert.equal(render(withoutLastStep([], { target: 'x', now: 'y' })), '');
  });
});
