import type { SkippedPath } from '../../../core/coverage.ts';
import { throwIfCancelled } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { Clock } from '../../../platform/clock.ts';
import { WorkspaceReader } from '../../../platform/workspaceReader.ts';
import { findCandidates } from './candidates.ts';
import type { Search } from './candidates.ts';
import { emptyBaseline, loadBaseline } from './captureCache.ts';
import type { Baseline } from './captureCache.ts';
import { runCapture } from './captureRun.ts';
import { seedBaseline } from './seed.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { SurroundingsFinder } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { ownPaths, refuseUnfitFolder } from './workspaceGuard.ts';

export interface CaptureSettings {
  /** Bytes; a larger file that the user's repository does not track is skipped. */
  readonly maxUntrackedFileSize: number;
  /** Patterns as in `.gitignore`, relative to the workspace folder. */
  readonly excludes: readonly string[];
}

export interface CaptureRequest {
  /** Root tree of the newest checkpoint: all its objects are in the store. */
  readonly previous?: string;
  /** Root tree whose paths are captured even where they are ignored or too large. */
  readonly covering?: string;
}

export interface CapturedState {
  /** Root tree. All its objects are durable. */
  readonly root: string;
  readonly skipped: readonly SkippedPath[];
}

/** Captures the state of a workspace folder. Callers hold the store's lock. */
export class Capturer {
  readonly #repository: ShadowRepository;
  readonly #settings: () => CaptureSettings;
  readonly #surroundings: SurroundingsFinder;
  readonly #clock: Clock;

  constructor(repository: ShadowRepository, settings: () => CaptureSettings, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#repository = repository;
    this.#settings = settings;
    this.#surroundings = new SurroundingsFinder(repository);
  }

  /** Where the folder lies and which rules apply to it now from outside of it. */
  surroundings(): Promise<Surroundings> {
    return this.#surroundings.find(this.#settings().excludes);
  }

  /** Throws the reason when any step fails: there is never an old state under a new name. */
  async capture(request: CaptureRequest, context: OperationContext = {}): Promise<CapturedState> {
    const repository = this.#repository;
    await refuseUnfitFolder(repository.workspace, repository.dataFolder);
    throwIfCancelled(context.signal);
    const startedAt = this.#clock.now();
    const settings = this.#settings();
    const surroundings = await this.surroundings();
    const baseline = await this.#baseline(surroundings, request, context);
    const search: Search = {
      repository,
      surroundings,
      baseline,
      reader: new WorkspaceReader(repository.workspace),
      leaveOut: ownPaths(repository.workspace, repository.dataFolder),
      signal: context.signal,
    };
    const candidates = await findCandidates(search);
    return runCapture({ search, candidates, settings, request, context, startedAt });
  }

  async #baseline(
    surroundings: Surroundings,
    { previous }: CaptureRequest,
    context: OperationContext,
  ): Promise<Baseline> {
    const repository = this.#repository;
    return (
      (await loadBaseline(repository, surroundings)) ??
      (previous === undefined ? await seedBaseline(repository, surroundings, context) : undefined) ??
      emptyBaseline(repository, surroundings, previous)
    );
  }
}
