import type { Timers } from '../../src/app/automatic/timers.ts';

/** A clock that stands until it is moved on. */
export class FakeTimers implements Timers {
  #now: number;
  #alarms: readonly { readonly at: number; readonly work: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  get waiting(): number {
    return this.#alarms.length;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, work: () => void) {
    const alarm = { at: this.#now + milliseconds, work };
    this.#alarms = [...this.#alarms, alarm];
    return { dispose: () => (this.#alarms = this.#alarms.filter((each) => each !== alarm)) };
  }

  /** Moves on and rings what is due, in order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#alarms.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) {
        break;
      }
      this.#alarms = this.#alarms.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
    }
    this.#now = end;
  }
}
