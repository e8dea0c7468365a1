import type { Disposable } from '../core/disposable.ts';
import { Emitter, type Event } from '../core/event.ts';
import type { RestoreLog } from '../core/restoreLog.ts';
import type { CheckpointStore } from '../core/store.ts';
import type { Absence, StoreSource } from '../core/storeSource.ts';

/** One open workspace folder: its stores, and the memory of what was restored in it. */
export interface WorkspaceSession extends Disposable {
  /** The folder as it was opened. */
  readonly folder: string;
  /** Everything that holds checkpoints of this folder now; `files` is always the first of them. */
  readonly stores: readonly CheckpointStore[];
  /** The store that captures the folder's files. Safety checkpoints go there. */
  readonly files: CheckpointStore;
  /** Why there is no other store. */
  readonly absence: Absence | undefined;
  readonly restores: RestoreLog;
  /** Fires when any store may have changed, and when one came or went. */
  readonly onDidChange: Event<void>;
}

export interface SessionParts {
  readonly folder: string;
  readonly files: CheckpointStore;
  /** Stores besides `files`. */
  readonly others: StoreSource;
  readonly restores: RestoreLog;
}

/** Joins the parts of an open workspace folder; disposing the session disposes its stores. */
export function openSession({ folder, files, others, restores }: SessionParts): WorkspaceSession {
  const changed = new Emitter<void>();
  // Stores that are in a sandbox are listened to only for somebody who listens: a short command does not pay for it.
  let listening: Disposable | undefined;
  return {
    folder,
    get stores() {
      return [files, ...others.stores];
    },
    files,
    get absence() {
      return others.absence;
    },
    restores,
    onDidChange: (listener) => {
      listening ??= listenTo(files, others, () => changed.fire());
      return changed.event(listener);
    },
    dispose: () => {
      listening?.dispose();
      for (const part of [changed, files, others]) {
        part.dispose();
      }
    },
  };
}

function listenTo(files: CheckpointStore, others: StoreSource, tell: () => void): Disposable {
  const known = new Map<CheckpointStore, Disposable>();
  const follow = (): void => {
    for (const [store, listener] of known) {
      if (store !== files && !others.stores.includes(store)) {
        listener.dispose();
        known.delete(store);
      }
    }
    for (const store of [files, ...others.stores]) {
      if (!known.has(store)) {
        known.set(store, store.onDidChange(tell));
      }
    }
  };
  follow();
  const following = others.onDidChange(() => {
    follow();
    tell();
  });
  return {
    dispose: () => {
      for (const listener of [following, ...known.values()]) {
        listener.dispose();
      }
    },
  };
}
