import type { Disposable } from '../../core/disposable.ts';
import type { RetentionRules } from '../../core/retention.ts';
import { planPrune, prune, type PrunePlan } from '../prune.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { Timers } from './timers.ts';

/** After a change of the list, so that whoever made it is done with it. */
const DELAY_MS = 60_000;
/** Between two times. */
const PAUSE_MS = 10 * 60_000;

export interface RetentionParts {
  readonly session: WorkspaceSession;
  readonly timers: Timers;
  readonly rules: () => RetentionRules;
  /** Told what was removed, and what went wrong: nobody asked for this work. */
  readonly onPruned: (plan: PrunePlan) => void;
  readonly onProblem: (error: unknown) => void;
}

/** Applies retention some time after checkpoints were made, and not too often. */
export class RetentionTimer implements Disposable {
  readonly #parts: RetentionParts;
  #alarm: Disposable | undefined;
  #last = -Infinity;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Settles when nothing is being removed. */
  get idle(): Promise<void> {
    return this.#running;
  }

  /** The list of checkpoints may have changed. */
  listChanged(): void {
    const { timers } = this.#parts;
    this.#alarm ??= timers.after(Math.max(DELAY_MS, this.#last + PAUSE_MS - timers.now()), () => {
      this.#alarm = undefined;
      this.#last = timers.now();
      this.#running = this.#apply().catch(this.#parts.onProblem);
    });
  }

  dispose(): void {
    this.#alarm?.dispose();
  }

  async #apply(): Promise<void> {
    const { session, rules, timers, onPruned } = this.#parts;
    const plan = await planPrune(session, rules(), new Date(timers.now()));
    if (plan.removed.length > 0) {
      await prune(session, plan);
      onPruned(plan);
    }
  }
}
