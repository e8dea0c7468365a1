import type { StatePoint } from '../../core/restorePlan.ts';

/** A look at the whole folder, with the state that it saw. */
export interface SeenState {
  readonly point: StatePoint;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A state that was seen before something happened. */
export interface StateBefore extends SeenState {
  /** When that began. */
  readonly until: number;
}

/** File events without such a pause between them have one cause. */
const BURST_PAUSE_MS = 1000;
/** An event may come so long after what it tells of. */
const LATENCY_MS = 300;
const MOST_STATES = 4;

/**
 * What was last seen of a folder, and which of it is surely from before the file events that come in now: a look that ended
 * while something was under way may have seen half of it.
 */
export class SeenStates {
  #states: readonly SeenState[] = [];
  #burst = { began: -Infinity, last: -Infinity };

  touched(now: number): void {
    const isNew = now - this.#burst.last > BURST_PAUSE_MS;
    this.#burst = { began: isNew ? now : this.#burst.began, last: now };
  }

  looked(state: SeenState): void {
    this.#states = [...this.#states, state].slice(-MOST_STATES);
  }

  /** The last state that was seen before the events that come in now, or came in last; undefined when there is none. */
  beforeBurst(): StateBefore | undefined {
    const until = this.#burst.began;
    const state = this.#states.findLast(({ endedAt }) => endedAt + LATENCY_MS <= until);
    return state && { ...state, until };
  }
}
