import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Change, ChangeKind, Entry } from '../../../src/core/change.ts';
import type { SkipReason } from '../../../src/core/coverage.ts';
import { planRestore } from '../../../src/core/restorePlan.ts';
import { renderPlan } from '../../support/memorySession.ts';

const ENTRY: Entry = { type: 'file', mode: 0o644, content: 'x' };
const KINDS: Readonly<Record<string, ChangeKind>> = { '+': 'added', '~': 'modified', '-': 'deleted' };

/** Changes from text: `+a ~b -c`. */
function changesOf(text: string): Change[] {
  return text.split(' ').map((word) => ({
    path: word.slice(1),
    kind: KINDS[word[0] ?? ''] ?? 'modified',
    ...(word.startsWith('+') ? {} : { before: ENTRY }),
    ...(word.startsWith('-') ? {} : { after: ENTRY }),
  }));
}

function plan(
  changes: string,
  facts: { skippedNow?: string; skippedAtTarget?: string; ignoredAtTarget?: string },
): string {
  const paths = (text = ''): string[] => text.split(' ').filter(Boolean);
  const skips = (text: string | undefined) =>
    new Map(paths(text).map((path): [string, SkipReason] => [path, 'tooLarge']));
  return renderPlan(
    planRestore({
      target: 'target',
      now: 'now',
      changes: changesOf(changes),
      skippedNow: skips(facts.skippedNow),
      skippedAtTarget: skips(facts.skippedAtTarget),
      ignoredAtTarget: new Set(paths(facts.ignoredAtTarget)),
    }),
  );
}

describe('the plan of a restore', () => {
  it('is the difference, sorted by path', () => {
    assert.equal(plan('~b +c -a', {}), '-a ~b +c');
  });

  it('never writes or deletes what could not be captured now', () => {
    assert.equal(
      plan('+a ~b -c -d', { skippedNow: 'a b c' }),
      '-d (kept a: notCaptured) (kept b: notCaptured) (kept c: notCaptured)',
    );
  });

  it('never deletes what the target had skipped or ignored, but writes it', () => {
    assert.equal(
      plan('-big -cache ~big2 +cache2', { skippedAtTarget: 'big big2', ignoredAtTarget: 'cache cache2' }),
      '~big2 +cache2 (kept big: skippedAtTarget) (kept cache: ignoredAtTarget)',
    );
  });
});
