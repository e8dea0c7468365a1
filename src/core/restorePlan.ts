import type { Change } from './change.ts';
import type { SkipReason } from './coverage.ts';

/** Why a path is left as it is although it differs from the target. */
export type RefusalReason =
  /** The present content could not be captured, so writing over it would lose it. */
  | { readonly kind: 'notCaptured'; readonly skip: SkipReason }
  /** The target had skipped this path, so its absence there means nothing. */
  | { readonly kind: 'skippedAtTarget'; readonly skip: SkipReason }
  /** The ignore rules of the target leave this path out, so its absence there means nothing. */
  | { readonly kind: 'ignoredAtTarget' };

export interface RefusedPath {
  readonly path: string;
  readonly why: RefusalReason;
}

/** What a restore will do to the workspace's files, computed before it does it. */
export interface RestorePlan {
  /** The checkpoint to go back to. */
  readonly target: string;
  /** The state that the plan starts from: the safety checkpoint, or `now` for a plan that is only shown. */
  readonly now: StatePoint;
  /** Only these paths are touched. `before` is what must still be on disk, `after` what will be there. Sorted by path. */
  readonly steps: readonly Change[];
  readonly refused: readonly RefusedPath[];
}

/** A state of the workspace's files: a checkpoint's id, or the folder as it is now. */
export type StatePoint = string;

/** The {@link StatePoint} of the folder as it is now. No checkpoint id is equal to it. */
export const NOW: StatePoint = 'now';

/** What a restore did. */
export interface RestoreReport {
  /** Paths that have the target's content again. */
  readonly restored: readonly string[];
  readonly deleted: readonly string[];
  readonly failed: readonly FailedPath[];
}

export interface FailedPath {
  readonly path: string;
  /** A sentence for people. */
  readonly reason: string;
}

/** Facts about the two ends of a restore that turn a difference into a plan. */
export interface PlanInput {
  readonly target: string;
  readonly now: StatePoint;
  /** The difference from now to the target. */
  readonly changes: readonly Change[];
  /** What the capture of the present state had to skip. */
  readonly skippedNow: ReadonlyMap<string, SkipReason>;
  readonly skippedAtTarget: ReadonlyMap<string, SkipReason>;
  /** Which of the paths that would be deleted the target's ignore rules leave out. */
  readonly ignoredAtTarget: ReadonlySet<string>;
}

/**
 * The plan that turns now into the target without losing anything: a path that could not be captured now is never
 * written or deleted, and a path whose absence at the target means nothing is never deleted.
 */
export function planRestore(input: PlanInput): RestorePlan {
  const steps: Change[] = [];
  const refused: RefusedPath[] = [];
  for (const change of input.changes) {
    const why = refusal(change, input);
    if (why === undefined) {
      steps.push(change);
    } else {
      refused.push({ path: change.path, why });
    }
  }
  return { target: input.target, now: input.now, steps: steps.toSorted(byPath), refused: refused.toSorted(byPath) };
}

function refusal(change: Change, input: PlanInput): RefusalReason | undefined {
  const skippedNow = input.skippedNow.get(change.path);
  if (skippedNow !== undefined) {
    return { kind: 'notCaptured', skip: skippedNow };
  }
  if (change.kind !== 'deleted') {
    return undefined;
  }
  const skippedAtTarget = input.skippedAtTarget.get(change.path);
  if (skippedAtTarget !== undefined) {
    return { kind: 'skippedAtTarget', skip: skippedAtTarget };
  }
  return input.ignoredAtTarget.has(change.path) ? { kind: 'ignoredAtTarget' } : undefined;
}

function byPath(a: { path: string }, b: { path: string }): number {
  if (a.path === b.path) {
    return 0;
  }
  return a.path < b.path ? -1 : 1;
}
