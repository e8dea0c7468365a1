import { mkdir, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CheckpointError, throwIfCancelled } from '../core/error.ts';
import { createLock, readClaims, takeOverLock, type Claim } from './lockClaims.ts';
import { describeThisProcess, ownerState, type LockOwner } from './lockOwner.ts';

/** A lock that this process holds. */
export interface FileLock {
  readonly owner: LockOwner;
  /** Throws `conflict` when the lock is ours no longer: removed, or taken over while this process could not show that it lives. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

export interface AcquireOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for the present owner; then `busy` is thrown. */
  readonly timeoutMs: number;
  /** Called once, when it turns out that waiting is needed. */
  readonly onWait?: (owner: LockOwner | undefined) => void;
  readonly timing?: LockTiming;
}

/** All in milliseconds. */
export interface LockTiming {
  readonly poll: number;
  /** How often an owner shows that it lives. */
  readonly heartbeat: number;
  /** Age of the last heartbeat from which on an owner that cannot be asked counts as dead. */
  readonly silence: number;
  /** How long that owner is watched in addition: after a suspend, all heartbeats are old at once. */
  readonly watch: number;
  /** Age from which on an empty or torn lock file counts as left behind. */
  readonly torn: number;
}

export const LOCK_TIMING: LockTiming = { poll: 50, heartbeat: 4000, silence: 120_000, watch: 12_000, torn: 5000 };

/** What is known of a lock without trying to take it. */
export type LockState =
  | { readonly state: 'free' }
  | { readonly state: 'held' | 'stale'; readonly owner: LockOwner | undefined };

/**
 * Takes the lock file at `path`, waiting for an owner that lives and taking over from one that does not. Two acquisitions
 * exclude each other in one process as well.
 * @throws CheckpointError `busy` after the waiting time, `cancelled` by the signal.
 */
export async function acquireFileLock(path: string, options: AcquireOptions): Promise<FileLock> {
  const timing = options.timing ?? LOCK_TIMING;
  const owner = await describeThisProcess();
  const wait = new Wait(path, options, timing.poll);
  const silence = new SilenceWatch(timing);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (;;) {
    throwIfCancelled(options.signal);
    const claims = await readClaims(path);
    const last = claims.at(-1);
    if (last === undefined) {
      if (await createLock(path, owner)) {
        return hold(path, owner, timing);
      }
    } else if (!(await silence.isAbandoned(last))) {
      await wait.turn(last.owner);
    } else if (await takeOverLock(path, claims, owner)) {
      return hold(path, owner, timing);
    }
  }
}

export async function inspectFileLock(path: string, timing: LockTiming = LOCK_TIMING): Promise<LockState> {
  const last = (await readClaims(path)).at(-1);
  if (last === undefined) {
    return { state: 'free' };
  }
  // Nobody takes anything over here, so the second look that a suspend makes necessary is left out.
  const stale = await new SilenceWatch({ ...timing, watch: 0 }).isAbandoned(last);
  return { state: stale ? 'stale' : 'held', owner: last.owner };
}

/** The patience of one acquisition. */
class Wait {
  readonly #path: string;
  readonly #options: AcquireOptions;
  readonly #poll: number;
  readonly #deadline: number;
  #told = false;

  constructor(path: string, options: AcquireOptions, poll: number) {
    this.#path = path;
    this.#options = options;
    this.#poll = poll;
    this.#deadline = performance.now() + options.timeoutMs;
  }

  async turn(owner: LockOwner | undefined): Promise<void> {
    if (performance.now() >= this.#deadline) {
      throw busy(this.#path, owner);
    }
    if (!this.#told) {
      this.#told = true;
      this.#options.onWait?.(owner);
    }
    await sleep(this.#poll * (0.5 + Math.random()));
  }
}

/** Tells abandoned locks from held ones, remembering how long a silent one has been watched. */
class SilenceWatch {
  readonly #timing: LockTiming;
  #seen: { readonly token: string; readonly heartbeat: number; readonly at: number } | undefined;

  constructor(timing: LockTiming) {
    this.#timing = timing;
  }

  async isAbandoned(claim: Claim): Promise<boolean> {
    const age = Date.now() - claim.heartbeat;
    if (claim.owner === undefined) {
      return age > this.#timing.torn;
    }
    const state = await ownerState(claim.owner);
    return state === 'unknown' ? age > this.#timing.silence && this.#watchedLongEnough(claim) : state === 'dead';
  }

  #watchedLongEnough({ token, heartbeat }: Claim): boolean {
    const now = performance.now();
    if (this.#seen?.token !== token || this.#seen.heartbeat !== heartbeat) {
      this.#seen = { token, heartbeat, at: now };
    }
    return now - this.#seen.at >= this.#timing.watch;
  }
}

function hold(path: string, owner: LockOwner, timing: LockTiming): FileLock {
  const isHeld = async (): Promise<boolean> => {
    const claims = await readClaims(path);
    return claims.length === 1 && claims[0]?.token === owner.token;
  };
  const beat = async (): Promise<void> => {
    if (await isHeld()) {
      const now = new Date();
      await utimes(path, now, now);
    }
  };
  // A beat that fails is not an event of its own: whoever needs the lock asks `assertHeld`.
  const timer = setInterval(() => void beat().catch(() => undefined), timing.heartbeat);
  timer.unref();
  return {
    owner,
    async assertHeld() {
      if (!(await isHeld())) {
        throw new CheckpointError('conflict', 'The lock of this folder was taken over by another process.', {
          hint: 'Try again.',
          details: { lock: path },
        });
      }
    },
    async release() {
      clearInterval(timer);
      if (await isHeld()) {
        await unlink(path);
      }
    },
  };
}

function busy(path: string, owner: LockOwner | undefined): CheckpointError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid}`;
  return new CheckpointError('busy', `The checkpoints of this folder are in use by ${who}.`, {
    hint: 'Wait until it is done, or end that process.',
    details: { lock: path, ...(owner === undefined ? {} : { pid: owner.pid, since: owner.since }) },
  });
}
