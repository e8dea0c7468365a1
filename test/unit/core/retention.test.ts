import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Checkpoint, Origin } from '../../../src/core/checkpoint.ts';
import { COMPLETE } from '../../../src/core/coverage.ts';
import {
  DEFAULT_RETENTION,
  planRetention,
  type RetentionInput,
  type RetentionRules,
} from '../../../src/core/retention.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Thursday at noon, local time. */
const NOW = new Date(2026, 2, 12, 12, 0, 0);
const NONE: RetentionRules = {
  newest: 0,
  all: 0,
  hourly: 0,
  daily: 0,
  weekly: 0,
  safety: 0,
  maxCount: Infinity,
  maxBytes: Infinity,
};

function checkpoint(id: string, age: number, more: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id,
    store: 'files',
    backend: 'shadowGit',
    name: id,
    label: id,
    note: '',
    createdAt: new Date(NOW.getTime() - age).toISOString(),
    exactTime: true,
    origin: 'auto',
    scope: ['workspace'],
    stateful: false,
    pinned: false,
    coverage: COMPLETE,
    ...more,
  };
}

function plan(checkpoints: readonly Checkpoint[], rules: Partial<RetentionRules>, more: Partial<RetentionInput> = {}) {
  return planRetention({
    checkpoints,
    rules: { ...NONE, ...rules },
    now: NOW,
    needed: new Set(),
    parts: [],
    ...more,
  });
}

/** `kept a b / removed c (age)` */
function render({ kept, removed }: ReturnType<typeof planRetention>): string {
  const gone = removed.map((removal) => `${removal.checkpoint.id} (${removal.reason})`);
  return `kept ${kept.map(({ id }) => id).join(' ')} / removed ${gone.join(' ')}`.trim();
}

describe('Retention', () => {
  it('keeps the newest ones by number and all of the last time', () => {
    const list = [checkpoint('a', 1 * HOUR), checkpoint('b', 2 * HOUR), checkpoint('c', 3 * HOUR)];
    assert.equal(render(plan(list, { newest: 2 })), 'kept a b / removed c (age)');
    assert.equal(render(plan(list, { all: 2 * HOUR })), 'kept a b / removed c (age)');
  });

  it('keeps the last one of each hour, then of each day, then of each week', () => {
    const list = [
      checkpoint('new', 0),
      checkpoint('10:50', 70 * MINUTE),
      checkpoint('10:10', 110 * MINUTE),
      checkpoint('yesterday-11', 25 * HOUR),
      checkpoint('yesterday-10', 26 * HOUR),
      checkpoint('monday', 3 * DAY),
      checkpoint('sunday', 4 * DAY),
      checkpoint('saturday', 5 * DAY),
      checkpoint('last-monday', 10 * DAY),
      checkpoint('long-ago', 40 * DAY),
    ];
    assert.equal(
      render(plan(list, { hourly: 1 * DAY, daily: 3 * DAY, weekly: 30 * DAY })),
      'kept new 10:50 yesterday-11 monday sunday / ' +
        'removed 10:10 (age) yesterday-10 (age) saturday (age) last-monday (age) long-ago (age)',
    );
  });

  it('never removes manual, pinned and foreign ones, those without a time, and the newest', () => {
    const old = 1000 * DAY;
    const { createdAt: _, ...timeless } = checkpoint('timeless', old);
    const list = [
      checkpoint('newest', old),
      checkpoint('agent', old, { origin: 'agent' }),
      checkpoint('manual', old, { origin: 'manual' }),
      checkpoint('pinned', old, { pinned: true }),
      checkpoint('foreign', old, { origin: 'foreign' }),
      timeless,
      checkpoint('auto', old),
    ];
    assert.equal(
      render(plan(list, { maxCount: 0, maxBytes: 0 }, { parts: list.map(({ id }) => ({ bytes: 1, holders: [id] })) })),
      'kept newest manual pinned foreign timeless / removed agent (age) auto (age)',
    );
  });

  it('keeps a safety checkpoint for its time, and as long as undo needs it', () => {
    const safety: Partial<Checkpoint> = { origin: 'safety' };
    const list = [
      checkpoint('new', 0),
      checkpoint('young', 2 * DAY, safety),
      checkpoint('needed', 9 * DAY, safety),
      checkpoint('old', 9 * DAY, safety),
    ];
    const needed = new Set(['needed']);
    assert.equal(render(plan(list, { safety: 3 * DAY }, { needed })), 'kept new young needed / removed old (age)');
    assert.equal(
      render(plan(list, { safety: 99 * DAY, maxCount: 0 }, { needed })),
      'kept new needed / removed young (count) old (count)',
    );
  });

  it('takes the oldest automatic ones above the limits, and safety ones only after those', () => {
    const list = [
      checkpoint('a', 1 * HOUR),
      checkpoint('b', 2 * HOUR),
      checkpoint('free', 3 * HOUR),
      checkpoint('c', 4 * HOUR),
      checkpoint('before', 5 * HOUR, { origin: 'safety' }),
    ];
    const keepAll = { all: DAY, safety: DAY };
    assert.equal(render(plan(list, { ...keepAll, maxCount: 3 })), 'kept a b before / removed free (count) c (count)');
    const parts = list.map(({ id }) => ({ bytes: id === 'free' ? 0 : 10, holders: [id] }));
    assert.equal(
      render(plan(list, { ...keepAll, maxBytes: 20 }, { parts })),
      'kept a free before / removed b (bytes) c (bytes)',
    );
    assert.equal(
      render(plan(list, { ...keepAll, maxBytes: 5 }, { parts })),
      'kept a free / removed b (bytes) c (bytes) before (bytes)',
    );
  });

  it('does not count what another tool made', () => {
    const foreign: Partial<Checkpoint> = { origin: 'foreign' };
    const list = [checkpoint('a', 0), checkpoint('b', 0, foreign), checkpoint('c', 0, foreign), checkpoint('d', 0)];
    const parts = list.map(({ id }) => ({ bytes: 1, holders: [id] }));
    assert.equal(render(plan(list, { all: DAY, maxCount: 2, maxBytes: 2 }, { parts })), 'kept a b c d / removed');
  });

  it('keeps what a clock of the future made', () => {
    const list = [checkpoint('a', -2 * DAY), checkpoint('b', -1 * DAY)];
    assert.equal(render(plan(list, {})), 'kept a b / removed');
  });
});

const ORIGINS: readonly Origin[] = ['manual', 'auto', 'agent', 'safety', 'foreign'];
const timeline = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: 2 * HOUR }), fc.integer({ min: 0, max: 20 * DAY })),
      origin: fc.constantFrom(...ORIGINS),
      pinned: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      size: fc.integer({ min: 0, max: 100 }),
    }),
    { maxLength: 60 },
  )
  .map((parts) => {
    let age = 0;
    return parts.map(({ gap, origin, pinned, size }, index) => {
      age += gap;
      return { size, made: checkpoint(`c${index}`, age, { origin, pinned }) };
    });
  });
/** Contents that several neighbours hold. */
const shared = fc.array(
  fc.record({
    bytes: fc.integer({ min: 0, max: 300 }),
    from: fc.integer({ min: 0, max: 59 }),
    length: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 20 },
);
const rulesOf = fc.record<RetentionRules>({
  newest: fc.integer({ min: 0, max: 10 }),
  all: fc.integer({ min: 0, max: 2 * DAY }),
  hourly: fc.integer({ min: 0, max: 7 * DAY }),
  daily: fc.integer({ min: 0, max: 60 * DAY }),
  weekly: fc.integer({ min: 0, max: 400 * DAY }),
  safety: fc.integer({ min: 0, max: 60 * DAY }),
  maxCount: fc.integer({ min: 0, max: 60 }),
  maxBytes: fc.integer({ min: 0, max: 3000 }),
});

describe('Retention of any time line', () => {
  it('splits the list, keeps what must stay, holds the limits where it may, and is done after one pass', () => {
    fc.assert(
      fc.property(timeline, rulesOf, fc.integer({ min: 0, max: 59 }), shared, (made, rules, needed, spans) => {
        const list = made.map((each) => each.made);
        const parts = [
          ...made.map(({ made: { id }, size }) => ({ bytes: size, holders: [id] })),
          ...spans.map(({ bytes, from, length }) => ({
            bytes,
            holders: list.slice(from, from + length).map(({ id }) => id),
          })),
        ];
        const input: RetentionInput = { checkpoints: list, rules, now: NOW, needed: new Set([`c${needed}`]), parts };
        const { kept, removed } = planRetention(input);
        const gone = new Set(removed.map((removal) => removal.checkpoint.id));
        assert.deepEqual(
          kept,
          list.filter(({ id }) => !gone.has(id)),
        );
        const untouchable = (each: Checkpoint): boolean =>
          each.pinned ||
          each.origin === 'manual' ||
          each.origin === 'foreign' ||
          each.id === list[0]?.id ||
          input.needed.has(each.id);
        assert.deepEqual(
          removed.filter((removal) => untouchable(removal.checkpoint)),
          [],
        );
        const own = kept.filter(({ origin }) => origin !== 'foreign');
        assert.ok(own.length <= rules.maxCount || own.every(untouchable));
        const bytesOf = (ids: ReadonlySet<string>): number =>
          parts.filter(({ holders }) => holders.some((id) => ids.has(id))).reduce((sum, part) => sum + part.bytes, 0);
        const bytes = bytesOf(new Set(own.map(({ id }) => id)));
        const least = bytesOf(new Set(own.filter(untouchable).map(({ id }) => id)));
        assert.ok(bytes <= rules.maxBytes || bytes === least, `${bytes} bytes`);
        assert.deepEqual(planRetention({ ...input, checkpoints: kept }).removed, []);
      }),
    );
  });

  it('removes the same whether it ran in between or not', () => {
    fc.assert(
      fc.property(timeline, rulesOf, fc.integer({ min: 0, max: 30 * DAY }), (parts, limited, later) => {
        const rules = { ...limited, maxCount: Infinity, maxBytes: Infinity };
        const all = parts.map(({ made }) => made);
        const between = new Date(NOW.getTime() - later);
        const after = all.filter(({ createdAt = '' }) => Date.parse(createdAt) > between.getTime());
        const before = all.slice(after.length);
        const at = (now: Date, checkpoints: readonly Checkpoint[]): readonly Checkpoint[] =>
          planRetention({ checkpoints, rules, now, needed: new Set(), parts: [] }).kept;
        const newest = before[0]?.id;
        const ids = (list: readonly Checkpoint[]): string[] => list.map(({ id }) => id).filter((id) => id !== newest);
        assert.deepEqual(ids(at(NOW, [...after, ...at(between, before)])), ids(at(NOW, all)));
      }),
    );
  });

  it('keeps more the more a person wants to keep', () => {
    fc.assert(
      fc.property(timeline, rulesOf, rulesOf, (parts, one, other) => {
        const list = parts.map(({ made }) => made);
        const keys = Object.keys(DEFAULT_RETENTION) as (keyof RetentionRules)[];
        const generous = Object.fromEntries(
          keys.map((key) => [key, Math.max(one[key], other[key])]),
        ) as unknown as RetentionRules;
        const input = { checkpoints: list, now: NOW, needed: new Set<string>(), parts: [] };
        const few = planRetention({ ...input, rules: { ...one, maxCount: Infinity } });
        const many = new Set(planRetention({ ...input, rules: { ...generous, maxCount: Infinity } }).kept);
        assert.deepEqual(
          few.kept.filter((each) => !many.has(each)),
          [],
        );
      }),
    );
  });
});
