import type { OperationContext } from '../../../core/operationContext.ts';
import type { StatePoint } from '../../../core/restorePlan.ts';

/** Turns what people name into the root trees that the store holds. */
export interface States {
  /**
   * Root tree of a checkpoint; throws `notFound` for an unknown one. For NOW the folder is captured on the spot (under the
   * store's lock, which the caller must not hold), including what the checkpoint `covering` holds.
   */
  rootOf(point: StatePoint, context?: OperationContext, covering?: string): Promise<string>;
}

/** The one lock of a store: held for every capture, every write to the store and every restore. */
export interface StoreLock {
  /** Waits for its turn (`busy` after the waiting time, `cancelled` by the signal), then runs `action` alone. Not reentrant. */
  run<T>(action: () => Promise<T>, context?: OperationContext): Promise<T>;
  /** Runs `action` only when nobody holds the lock; undefined otherwise. */
  tryRun<T>(action: () => Promise<T>): Promise<T | undefined>;
}
