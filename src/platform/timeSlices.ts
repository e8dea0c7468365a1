import { setImmediate as letOthersRun } from 'node:timers/promises';

const LONGEST_MS = 10;

/** For work that hardly ever waits by itself: divides it into short slices, so that all else in this process goes on. */
export class TimeSlices {
  #since = performance.now();

  /** Resolves at once unless the present slice has become long. */
  async next(): Promise<void> {
    if (performance.now() - this.#since > LONGEST_MS) {
      await letOthersRun();
      this.#since = performance.now();
    }
  }
}
