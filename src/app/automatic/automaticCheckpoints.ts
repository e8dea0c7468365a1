import { requireCapability } from '../../core/capabilities.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { Disposable } from '../../core/disposable.ts';
import { isCheckpointError } from '../../core/error.ts';
import { Emitter } from '../../core/event.ts';
import type { CreateRequest } from '../../core/store.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { AUTOMATIC_OFF, type AutomaticSettings, isOff } from './automaticSettings.ts';
import { ChangeTimer } from './changeTimer.ts';
import { type SeenState, SeenStates, type StateBefore } from './seenStates.ts';
import type { Timers } from './timers.ts';

/** How long an automatic checkpoint may take. */
export const BUDGET_MS = 30_000;
const SECOND_MS = 1000;

/** Why automatic checkpoints are not made although they are on. They are tried again, after ever longer pauses. */
export interface AutomaticProblem {
  readonly kind: 'tooSlow' | 'failed';
  readonly message: string;
}

export interface AutomaticParts {
  readonly session: WorkspaceSession;
  readonly timers: Timers;
  /** Asked anew whenever they matter. */
  readonly settings: () => AutomaticSettings;
}

/**
 * Makes checkpoints of one folder when the time or a risky moment has come and something changed. It is told what happens
 * in the folder and never asks itself; nobody waits for it.
 */
export class AutomaticCheckpoints implements Disposable {
  readonly #session: WorkspaceSession;
  readonly #timers: Timers;
  readonly #settings: () => AutomaticSettings;
  readonly #timer: ChangeTimer;
  readonly #seen = new SeenStates();
  readonly #changed = new Emitter<void>();
  readonly #created = new Emitter<Checkpoint>();
  /** Fires when `isPaused` or `problem` may have changed. */
  readonly onDidChange = this.#changed.event;
  readonly onDidCreate = this.#created.event;
  #isPaused = false;
  #problem: AutomaticProblem | undefined;
  #deletedSince = false;
  #running: Promise<void> = Promise.resolve();
  #budget = new AbortController();
  #disposed = false;

  constructor({ session, timers, settings }: AutomaticParts) {
    this.#session = session;
    this.#timers = timers;
    this.#settings = settings;
    this.#timer = new ChangeTimer(
      timers,
      () => this.#inForce().everyMinutes,
      () => this.#enqueue(() => this.#createNow(everyText(this.#inForce().everyMinutes))),
    );
  }

  get isOff(): boolean {
    return isOff(this.#settings());
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get problem(): AutomaticProblem | undefined {
    return this.#problem;
  }

  /** Settles when nothing is being made. */
  get idle(): Promise<void> {
    return this.#running;
  }

  /** Something in the folder changed. Called for every file event, so it does next to nothing. */
  touched(isDeletion: boolean): void {
    this.#seen.touched(this.#timers.now());
    this.#deletedSince ||= isDeletion;
    this.#timer.changed();
  }

  /** Somebody looked at the whole folder, and this is what was seen. */
  looked(state: SeenState): void {
    this.#seen.looked(state);
    const before = this.#seen.beforeBurst();
    if (this.#deletedSince && before !== undefined) {
      this.#enqueue(() => this.#considerDeletion(before, state));
    }
    this.#deletedSince = false;
  }

  /** Git changed the files; `what` names the command. What was seen before is kept, else at least what is there now. */
  gitMoved(what: string): void {
    if (this.#inForce().beforeGit) {
      const before = this.#seen.beforeBurst();
      if (before === undefined) {
        this.#enqueue(() => this.#createNow(`after ${what}`));
      } else {
        this.#enqueue(() => this.#keep(before, `before ${what}`));
      }
    }
  }

  /** After a change of the settings. */
  settingsChanged(): void {
    this.#timer.stop();
    this.#timer.changed();
    this.#changed.fire();
  }

  pause(): void {
    this.#isPaused = true;
    this.#timer.stop();
    this.#changed.fire();
  }

  resume(): void {
    this.#isPaused = false;
    this.#problem = undefined;
    this.#timer.changed();
    this.#changed.fire();
  }

  /** A checkpoint of the present state was made: from here on it is as if none had failed. */
  caughtUp(): void {
    this.#problem = undefined;
    this.#timer.succeeded();
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer.dispose();
    this.#budget.abort();
    this.#changed.dispose();
    this.#created.dispose();
  }

  #inForce(): AutomaticSettings {
    return this.#isPaused || this.#disposed ? AUTOMATIC_OFF : this.#settings();
  }

  async #considerDeletion(before: StateBefore, after: SeenState): Promise<void> {
    const { largeDeletion } = this.#inForce();
    if (largeDeletion === 0 || before.point === after.point) {
      return;
    }
    const files = requireCapability(this.#session.files.capabilities.files);
    const changes = await files.changes(before.point, after.point);
    const deleted = changes.filter(({ kind, before: was }) => kind === 'deleted' && was?.type !== 'folder');
    if (deleted.length >= largeDeletion) {
      const folder = commonFolder(deleted.map(({ path }) => path));
      const where = folder === '' ? '' : ` in ${folder}`;
      await this.#keep(before, `before ${deleted.length} files${where} were deleted`);
    }
  }

  /** Nothing is made where a checkpoint from between that look and the moment holds the same or more. */
  async #keep(before: StateBefore, label: string): Promise<void> {
    const [newest] = await this.#session.files.list();
    const newestAt = newest?.createdAt === undefined ? -Infinity : Date.parse(newest.createdAt);
    if (newestAt < before.startedAt || newestAt > before.until) {
      const seconds = Math.round((this.#timers.now() - before.endedAt) / SECOND_MS);
      const note = `The files as they were seen ${seconds} s before this checkpoint was made.`;
      await this.#create({ label, note, state: before.point });
    }
  }

  async #createNow(label: string): Promise<void> {
    this.#timer.stop();
    await this.#create({ label });
    this.caughtUp();
  }

  /** One after the other. What fails is a problem of this folder and of nobody else. */
  #enqueue(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).catch((error: unknown) => this.#failed(error));
  }

  async #create(request: Omit<CreateRequest, 'origin'>): Promise<void> {
    if (this.#disposed) {
      return;
    }
    this.#budget = new AbortController();
    const { signal } = this.#budget;
    const alarm = this.#timers.after(BUDGET_MS, () => this.#budget.abort());
    try {
      const create = requireCapability(this.#session.files.capabilities.create);
      const checkpoint = await create({ ...request, origin: 'auto', ifChanged: true }, { signal });
      if (checkpoint !== undefined) {
        this.#created.fire(checkpoint);
      }
    } finally {
      alarm.dispose();
    }
  }

  #failed(error: unknown): void {
    // Closed meanwhile, or the state that was seen is gone from the store: there is nothing to try again.
    if (this.#disposed || isCheckpointError(error, 'notFound')) {
      return;
    }
    this.#timer.failed();
    // Another window or command is using the store, and may be making the very same checkpoint.
    if (!isCheckpointError(error, 'busy')) {
      const message = error instanceof Error ? error.message : String(error);
      this.#problem = { kind: isCheckpointError(error, 'cancelled') ? 'tooSlow' : 'failed', message };
      this.#changed.fire();
    }
  }
}

function everyText(minutes: number): string {
  return minutes === 1 ? 'every minute' : `every ${minutes} minutes`;
}

/** The deepest folder that holds all paths; empty for the workspace folder. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const length = others.reduce((common, parts) => {
    const end = first.slice(0, common).findIndex((part, at) => part !== parts[at]);
    return end === -1 ? common : end;
  }, first.length);
  return first.slice(0, length).join('/');
}
