import type { Disposable } from '../../core/disposable.ts';
import { CheckpointError } from '../../core/error.ts';
import { Emitter, type Event } from '../../core/event.ts';
import type { CheckpointStore } from '../../core/store.ts';
import type { Absence, StoreSource } from '../../core/storeSource.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import type { DetectedContainer } from './detectContainers.ts';
import { detectIncus, failedDetection, type IncusDetection } from './detectIncus.ts';
import { openIncusStore } from './incusStore.ts';

/** What a person chose for a folder; empty where nothing. */
export interface IncusChoice {
  readonly container: string;
  readonly project: string;
  /** Path of the daemon's socket. */
  readonly socket: string;
}

export interface IncusStoresOptions {
  /** The workspace folder as it was opened, and with symlinks resolved. */
  readonly folders: readonly string[];
  readonly choice: IncusChoice;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runner: ProcessRunner;
  /** Folder for the locks that all windows and the command line share. */
  readonly lockFolder: string;
}

/** Events come in groups; one look for a group is enough. */
const GATHER_MS = 100;
/** Incus that is not there sends no event when it comes. */
const LOOK_AGAIN_MS = 30_000;
/** Whoever runs a command does not wait longer for a daemon that hangs. */
const LOOK_LIMIT_MS = 5000;

/** The stores of the containers that belong to a folder. */
export class IncusStores implements StoreSource {
  readonly #options: IncusStoresOptions;
  readonly #changed = new Emitter<void>();
  readonly #open = new Map<string, CheckpointStore>();
  #absence: Absence | undefined;
  #detection: IncusDetection | undefined;
  #watching: Disposable | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
  #isFollowing = false;
  #disposed = false;

  constructor(options: IncusStoresOptions) {
    this.#options = options;
  }

  get stores(): readonly CheckpointStore[] {
    return [...this.#open.values()];
  }

  get absence(): Absence | undefined {
    return this.#absence;
  }

  readonly onDidChange: Event<void> = (listener) => {
    if (!this.#isFollowing) {
      this.#isFollowing = true;
      void this.look();
    }
    return this.#changed.event(listener);
  };

  /** Looks once; never throws. What is found shows in `stores`, or else in `absence`. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  dispose(): void {
    this.#disposed = true;
    this.#forgetDetection();
    for (const store of this.#open.values()) {
      store.dispose();
    }
    this.#open.clear();
    this.#changed.dispose();
  }

  async #look(): Promise<void> {
    const detection = await this.#detect();
    const isReached = detection.problem === undefined || detection.problem.reason === 'notFound';
    // A daemon that is being restarted has its containers back soon; until then their stores say that they are out of reach.
    if (this.#disposed || (!isReached && this.#open.size > 0)) {
      detection.dispose();
      return;
    }
    this.#forgetDetection();
    this.#detection = detection;
    const changed = await this.#enter(detection);
    if (this.#disposed) {
      this.dispose();
      return;
    }
    if (this.#isFollowing) {
      this.#follow(detection);
    }
    if (changed) {
      this.#changed.fire();
    }
  }

  async #detect(): Promise<IncusDetection> {
    const { folders, choice, env, runner } = this.#options;
    const question = { folders, runner, env, chosen: choice.container, project: choice.project };
    const address = choice.socket === '' ? {} : { address: { server: { socketPath: choice.socket } } };
    try {
      return await detectIncus({ ...question, ...address }, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) });
    } catch (error) {
      // Only the limit cancels a detection, which throws nothing else.
      const hint = 'Restart the Incus daemon.';
      const message = `Incus did not answer within ${LOOK_LIMIT_MS / 1000} seconds.`;
      return failedDetection(new CheckpointError('timedOut', message, { hint, cause: error }));
    }
  }

  /** Keeps what is still the same container, so that its listeners stay. True when something is another now. */
  async #enter(detection: IncusDetection): Promise<boolean> {
    const wanted = new Map(detection.containers.map((container) => [keyOf(container), container]));
    const gone = [...this.#open].filter(([key]) => !wanted.has(key));
    for (const [key, store] of gone) {
      this.#open.delete(key);
      store.dispose();
    }
    const fresh = [...wanted].filter(([key]) => !this.#open.has(key));
    for (const [key, container] of fresh) {
      const client = await detection.connect(container);
      this.#open.set(key, openIncusStore({ client, container, lockFolder: this.#options.lockFolder }));
    }
    const before = this.#absence;
    this.#absence = this.#absenceOf(detection);
    return gone.length + fresh.length > 0 || before?.message !== this.#absence?.message;
  }

  #absenceOf({ problem }: IncusDetection): Absence | undefined {
    if (problem === undefined) {
      return undefined;
    }
    const { choice, env } = this.#options;
    const isNamed = [choice.container, choice.socket, env['CLINCUS_CONTAINER'], env['COI_CONTAINER']].some(Boolean);
    // Most machines have no Incus, and most folders no container.
    const isUsual = problem.reason === 'notInstalled' || problem.reason === 'notFound';
    return { ...problem, isNotable: isNamed || !isUsual };
  }

  #follow(detection: IncusDetection): void {
    this.#watching = detection.watch(() => this.#lookIn(GATHER_MS));
    if (detection.problem !== undefined && detection.problem.reason !== 'noPermission') {
      this.#lookIn(LOOK_AGAIN_MS);
    }
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    // A look that goes on may have read before what happened.
    this.#timer = setTimeout(() => void (this.#looking ?? Promise.resolve()).then(() => this.look()), milliseconds);
    this.#timer.unref();
  }

  #forgetDetection(): void {
    clearTimeout(this.#timer);
    this.#watching?.dispose();
    this.#detection?.dispose();
    this.#watching = undefined;
    this.#detection = undefined;
  }
}

function keyOf({ id, identity }: DetectedContainer): string {
  return `${id} ${identity}`;
}
