import type { Context } from 'mocha';

/** Where the reporter looks for the reason of a skip. */
const reasons = Symbol.for('snapshot-timeline.skipReason');

interface Explained {
  [reasons]?: string;
  readonly type?: string;
  readonly parent?: Explained | undefined;
}

/** Skips the running test, or from a `before` hook the whole suite. The reason is one line for the test report. */
export function skip(context: Context, reason: string): never {
  const runnable: Explained | undefined = context.test;
  const explained = runnable?.type === 'hook' ? runnable.parent : runnable;
  if (explained !== undefined) {
    explained[reasons] = reason;
  }
  return context.skip();
}

/** Why a test was skipped, looked up on it and on the suites around it. */
export function skipReason(runnable: object): string {
  for (let each: Explained | undefined = runnable; each !== undefined; each = each.parent) {
    if (each[reasons] !== undefined) {
      return each[reasons];
    }
  }
  return 'no reason given';
}
