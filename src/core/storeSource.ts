import type { Disposable } from './disposable.ts';
import type { ErrorReason } from './error.ts';
import type { Event } from './event.ts';
import type { CheckpointStore } from './store.ts';

/**
 * Finds stores of a workspace folder besides that of its files; they may come and go. It looks by itself from the first
 * listener on. Disposing it disposes its stores.
 */
export interface StoreSource extends Disposable {
  readonly stores: readonly CheckpointStore[];
  /** Undefined while stores are found, and before the first look. */
  readonly absence: Absence | undefined;
  /** Fires when `stores` or `absence` are others than before. */
  readonly onDidChange: Event<void>;
}

/** Why there are no stores. */
export interface Absence {
  readonly reason: ErrorReason;
  /** One sentence for people. */
  readonly message: string;
  readonly hint?: string;
  /** False where nobody could have expected one, so that it is told only to those who ask. */
  readonly isNotable: boolean;
}

/** For folders whose only store is that of their files. */
export const NO_OTHER_STORES: StoreSource = {
  stores: [],
  absence: undefined,
  onDidChange: () => ({ dispose: () => undefined }),
  dispose: () => undefined,
};
