import type { Disposable } from '../core/disposable.ts';
import { Emitter, type Event } from '../core/event.ts';
import type { RestoreLog } from '../core/restoreLog.ts';
import type { CheckpointStore } from '../core/store.ts';

/** One open workspace folder: its stores, and the memory of what was restored in it. */
export interface WorkspaceSession extends Disposable {
  /** The folder as it was opened. */
  readonly folder: string;
  /** Everything that holds checkpoints of this folder; `files` is one of them. */
  readonly stores: readonly CheckpointStore[];
  /** The store that captures the folder's files. Safety checkpoints go there. */
  readonly files: CheckpointStore;
  readonly restores: RestoreLog;
  /** Fires when any store may have changed. */
  readonly onDidChange: Event<void>;
}

export interface SessionParts {
  readonly folder: string;
  readonly files: CheckpointStore;
  /** Stores besides `files`. */
  readonly others: readonly CheckpointStore[];
  readonly restores: RestoreLog;
}

/** Joins the parts of an open workspace folder; disposing the session disposes its stores. */
export function openSession(parts: SessionParts): WorkspaceSession {
  const stores = [parts.files, ...parts.others];
  const changed = new Emitter<void>();
  const listening = stores.map((store) => store.onDidChange(() => changed.fire()));
  return {
    folder: parts.folder,
    stores,
    files: parts.files,
    restores: parts.restores,
    onDidChange: changed.event,
    dispose: () => {
      for (const part of [...listening, changed, ...stores]) {
        part.dispose();
      }
    },
  };
}
