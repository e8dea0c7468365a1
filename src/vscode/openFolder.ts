import * as vscode from 'vscode';
import type { SeenState } from '../app/automatic/seenStates.ts';
import { listTimeline } from '../app/timeline.ts';
import { findLastTurn, type FoundTurn } from '../app/undoAgentTurn.ts';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { sameEntry, type Change } from '../core/change.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { undoState, type RestoreRecord } from '../core/restoreLog.ts';
import type { CheckpointStore } from '../core/store.ts';
import { coalesce } from './coalesce.ts';

/** The shortest time between two looks at the whole folder, and how much longer than one look the pause lasts. */
const PAUSE_MS = 1000;
const PAUSE_FACTOR = 5;

/** What became stale: the checkpoints, or the changes since the newest. */
export type FolderChange = 'checkpoints' | 'now';

/** One workspace folder with its open session, and what was last seen of both. */
export class OpenFolder implements vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly session: WorkspaceSession;
  readonly onDidChange: vscode.Event<FolderChange>;
  /** Fires for every file event. */
  readonly onDidTouch: vscode.Event<'changed' | 'deleted'>;
  /** Fires with the state that each look saw. */
  readonly onDidSee: vscode.Event<SeenState>;
  readonly #changed = new vscode.EventEmitter<FolderChange>();
  readonly #touched = new vscode.EventEmitter<'changed' | 'deleted'>();
  readonly #seen = new vscode.EventEmitter<SeenState>();
  readonly #log: vscode.LogOutputChannel;
  readonly #disposables: vscode.Disposable[];
  readonly #changesIn = new Map<string, Promise<readonly Change[]>>();
  #checkpoints: readonly Checkpoint[] = [];
  #changesNow: readonly Change[] | undefined;
  #returnedTo: Checkpoint | undefined;
  #lookFailure: string | undefined;
  #records: readonly RestoreRecord[] = [];
  #lastTurn: FoundTurn | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = PAUSE_MS;
  #disposed = false;

  constructor(folder: vscode.WorkspaceFolder, session: WorkspaceSession, log: vscode.LogOutputChannel) {
    this.folder = folder;
    this.session = session;
    this.#log = log;
    this.onDidChange = this.#changed.event;
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '**/*'));
    this.onDidTouch = this.#touched.event;
    this.onDidSee = this.#seen.event;
    const touched = (): void => {
      this.#touched.fire('changed');
      this.#lookSoon();
    };
    const deleted = (): void => {
      this.#touched.fire('deleted');
      this.#lookSoon();
    };
    this.#disposables = [
      this.#changed,
      this.#touched,
      this.#seen,
      session,
      session.onDidChange(() => this.#unattended(this.reload())),
      watcher,
      watcher.onDidChange(touched),
      watcher.onDidCreate(touched),
      watcher.onDidDelete(deleted),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.#lookSoon()),
    ];
  }

  /** Newest first, of all stores. */
  get checkpoints(): readonly Checkpoint[] {
    return this.#checkpoints;
  }

  /** Changes since the newest checkpoint of the files; undefined until they were looked for. */
  get changesNow(): readonly Change[] | undefined {
    return this.#changesNow;
  }

  /** Where the last restore, undo or redo went back to, as long as all files are still as they were then. */
  get returnedTo(): Checkpoint | undefined {
    return this.#returnedTo;
  }

  /** Why the last look for changes failed. */
  get lookFailure(): string | undefined {
    return this.#lookFailure;
  }

  /** The turn of an agent that can be undone next. */
  get lastTurn(): FoundTurn | undefined {
    return this.#lastTurn;
  }

  get undo(): RestoreRecord | undefined {
    return undoState(this.#records).undo;
  }

  get redo(): RestoreRecord | undefined {
    return undoState(this.#records).redo;
  }

  checkpointsOf(store: CheckpointStore): readonly Checkpoint[] {
    return this.#checkpoints.filter((checkpoint) => checkpoint.store === store.info.id);
  }

  /** The newest checkpoint of the folder's files. */
  get newest(): Checkpoint | undefined {
    return this.checkpointsOf(this.session.files)[0];
  }

  storeOf(checkpoint: Checkpoint): CheckpointStore {
    return this.session.stores.find((store) => store.info.id === checkpoint.store) ?? this.session.files;
  }

  /** The checkpoint before this one in its store. */
  previous(checkpoint: Checkpoint): Checkpoint | undefined {
    const list = this.checkpointsOf(this.storeOf(checkpoint));
    const at = list.findIndex((candidate) => candidate.id === checkpoint.id);
    return at === -1 ? undefined : list[at + 1];
  }

  /** What a checkpoint changed against the one before it; kept until the list changes. */
  changesIn(checkpoint: Checkpoint): Promise<readonly Change[]> {
    const { files } = this.storeOf(checkpoint).capabilities;
    const known = this.#changesIn.get(checkpoint.id);
    if (known !== undefined || !files.available) {
      return known ?? Promise.resolve([]);
    }
    const changes = files.use.changesIn(checkpoint.id);
    this.#changesIn.set(checkpoint.id, changes);
    changes.catch(() => this.#changesIn.delete(checkpoint.id));
    return changes;
  }

  /** Reads the checkpoints again, and then what changed since the newest. */
  readonly reload = coalesce(async () => {
    const { session } = this;
    const [checkpoints, records] = await Promise.all([listTimeline(session.stores), session.restores.read()]);
    this.#lastTurn = await findLastTurn(session);
    const isSame = this.#checkpoints.map(({ id }) => id).join() === checkpoints.map(({ id }) => id).join();
    if (!isSame) {
      this.#changesIn.clear();
    }
    this.#checkpoints = checkpoints;
    this.#records = records;
    this.#changed.fire('checkpoints');
    this.#lookSoon(0);
  });

  /** Looks for changes since the newest checkpoint. In a folder that is not trusted nothing looks at the files. */
  readonly look = coalesce(async () => {
    const started = Date.now();
    try {
      const changes = await this.#findChanges();
      this.#returnedTo = await this.#findReturn(changes ?? []);
      this.#changesNow = changes;
      this.#lookFailure = undefined;
    } catch (error) {
      this.#changesNow = undefined;
      this.#lookFailure = error instanceof Error ? error.message : String(error);
      this.#log.warn(`${this.folder.name}: ${this.#lookFailure}`);
    }
    if (this.#disposed) {
      return;
    }
    this.#pause = Math.max(PAUSE_MS, PAUSE_FACTOR * (Date.now() - started));
    this.#changed.fire('now');
  });

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  async #findChanges(): Promise<readonly Change[] | undefined> {
    const { files } = this.session.files.capabilities;
    const { newest } = this;
    if (!files.available || newest === undefined || !vscode.workspace.isTrusted) {
      return undefined;
    }
    const startedAt = Date.now();
    const point = await files.use.see();
    if (!this.#disposed) {
      this.#seen.fire({ point, startedAt, endedAt: Date.now() });
    }
    return files.use.changes(newest.id, point);
  }

  async #findReturn(changesNow: readonly Change[]): Promise<Checkpoint | undefined> {
    const { files } = this.session.files.capabilities;
    const { newest, undo, redo } = this;
    const target = this.checkpointsOf(this.session.files).find(({ id }) => id === (redo?.safety ?? undo?.target));
    if (!files.available || newest === undefined || target === undefined || changesNow.length === 0) {
      return undefined;
    }
    return isSameOutcome(await files.use.changes(newest.id, target.id), changesNow) ? target : undefined;
  }

  /** One look after a while, however many files are touched until then: an install or a branch switch is one look. */
  #lookSoon(delay = this.#pause): void {
    if (delay === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#unattended(this.look());
    }, delay);
  }

  /** Nobody asked for this work, so nobody is told but the log when it fails. */
  #unattended(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#disposed) {
        this.#log.warn(`${this.folder.name}: ${String(error)}`);
      }
    });
  }
}

/** Whether both lead from one state to the same other one. */
function isSameOutcome(a: readonly Change[], b: readonly Change[]): boolean {
  return (
    a.length === b.length &&
    a.every((change, at) => change.path === b[at]?.path && sameEntry(change.after, b[at]?.after))
  );
}
