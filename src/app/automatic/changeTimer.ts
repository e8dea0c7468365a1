import type { Disposable } from '../../core/disposable.ts';
import type { Timers } from './timers.ts';

const MINUTE_MS = 60_000;
/** In the middle of an install or a branch switch is no good moment; but nobody waits for ever. */
const QUIET_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
const MOST_FAILURES = 6;

/**
 * Calls `due` some minutes after the first change that no call has seen yet. Thousands of changes are one call, no change is
 * none, and after a failure the time between two calls doubles.
 */
export class ChangeTimer implements Disposable {
  readonly #timers: Timers;
  readonly #minutes: () => number;
  readonly #due: () => void;
  #alarm: Disposable | undefined;
  #lastChange = -Infinity;
  #failures = 0;

  /** `minutes` is asked for at each change; 0 for never. */
  constructor(timers: Timers, minutes: () => number, due: () => void) {
    this.#timers = timers;
    this.#minutes = minutes;
    this.#due = due;
  }

  changed(): void {
    this.#lastChange = this.#timers.now();
    const minutes = this.#minutes();
    if (minutes > 0 && this.#alarm === undefined) {
      const pause = Math.min(
        minutes * MINUTE_MS * 2 ** this.#failures,
        Math.max(LONGEST_PAUSE_MS, minutes * MINUTE_MS),
      );
      this.#alarm = this.#timers.after(pause, () => this.#ring(this.#timers.now()));
    }
  }

  /** The next time is not longer than usual any more. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** What could not be kept counts as a change that came now. */
  failed(): void {
    this.#failures = Math.min(this.#failures + 1, MOST_FAILURES);
    this.stop();
    this.changed();
  }

  /** All changes so far are being seen, or need not be. */
  stop(): void {
    this.#alarm?.dispose();
    this.#alarm = undefined;
  }

  dispose(): void {
    this.stop();
  }

  #ring(dueSince: number): void {
    const now = this.#timers.now();
    const isBusy = now - this.#lastChange < QUIET_MS && now - dueSince < LONGEST_WAIT_MS;
    this.#alarm = isBusy ? this.#timers.after(QUIET_MS, () => this.#ring(dueSince)) : undefined;
    if (!isBusy) {
      this.#due();
    }
  }
}
