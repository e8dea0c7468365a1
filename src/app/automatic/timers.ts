import type { Disposable } from '../../core/disposable.ts';

/** The time and alarms, so that tests need not wait. All times in milliseconds. */
export interface Timers {
  now(): number;
  /** Disposing takes the alarm back. */
  after(milliseconds: number, work: () => void): Disposable;
}
