import type { Change, Entry } from '../../../core/change.ts';
import { CheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { NOW, type RestorePlan, type RestoreReport, type StatePoint } from '../../../core/restorePlan.ts';
import type { FileRestorer, InterruptedRestore } from '../../../core/store.ts';
import type { Clock } from '../../../platform/clock.ts';
import { randomHex } from '../../../platform/dataFiles.ts';
import { diskFiles } from '../../../platform/diskFiles.ts';
import { RestoreJournal } from '../../../platform/restoreJournal.ts';
import { writeWorkspace, type WriteJob } from '../../../platform/workspaceWriter.ts';
import { changeKind } from '../checkpoints/journalLine.ts';
import type { Capturer } from '../capture/capture.ts';
import { restoreJournalFile } from './openRestore.ts';
import { planFileRestore } from './planFileRestore.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { StateLookup } from '../state/stateLookup.ts';
import type { States, StoreLock } from '../state/states.ts';
import { storedContents } from '../state/storedContents.ts';
import type { Surroundings } from '../capture/surroundings.ts';

/** What a restorer works on and with. */
export interface RestorerParts {
  readonly repository: ShadowRepository;
  readonly states: States;
  readonly lock: StoreLock;
  readonly clock: Clock;
  readonly capturer: Pick<Capturer, 'surroundings'>;
}

const NOTHING: RestoreReport = { restored: [], deleted: [], failed: [] };

/** Puts workspace files back from a shadow store, under a journal in the store's data folder. */
export function createFileRestorer(parts: RestorerParts): FileRestorer {
  return new ShadowFileRestorer(parts);
}

class ShadowFileRestorer implements FileRestorer {
  readonly #repository: ShadowRepository;
  readonly #states: States;
  readonly #lock: StoreLock;
  readonly #clock: Clock;
  readonly #findSurroundings: () => Promise<Surroundings>;
  readonly #journalFile: string;

  constructor({ repository, states, lock, clock, capturer }: RestorerParts) {
    this.#repository = repository;
    this.#states = states;
    this.#lock = lock;
    this.#clock = clock;
    this.#findSurroundings = () => capturer.surroundings();
    this.#journalFile = restoreJournalFile(repository);
  }

  /** Reads the target's root; the plan proves the trees and contents that differ, which is all that a restore needs. */
  async check(target: string, context?: OperationContext): Promise<void> {
    await StateLookup.open(this.#repository, await this.#states.rootOf(target, context));
  }

  async plan(
    target: string,
    now: StatePoint,
    paths: readonly string[],
    context?: OperationContext,
  ): Promise<RestorePlan> {
    const from = { point: now, root: await this.#states.rootOf(now, context, target) };
    const to = { point: target, root: await this.#states.rootOf(target, context) };
    return planFileRestore(this.#repository, from, to, paths, this.#findSurroundings, context);
  }

  async apply(plan: RestorePlan, context?: OperationContext): Promise<RestoreReport> {
    if (plan.now === NOW) {
      throw new CheckpointError('usage', 'A plan that does not start from a safety checkpoint can only be shown.');
    }
    if (plan.steps.length === 0) {
      return NOTHING;
    }
    const targetRoot = await this.#states.rootOf(plan.target, context);
    return this.#lock.run(async () => {
      await this.#refuseWhileInterrupted();
      const journal = await RestoreJournal.begin(this.#journalFile, {
        format: 1,
        id: randomHex(8),
        target: plan.target,
        now: plan.now,
        startedAt: this.#clock.now().toISOString(),
        steps: plan.steps,
      });
      return this.#write(journal, targetRoot, { steps: plan.steps, notes: journal }, context);
    }, context);
  }

  async interrupted(): Promise<InterruptedRestore | undefined> {
    if ((await RestoreJournal.find(this.#journalFile)) === undefined) {
      return undefined;
    }
    // Whoever holds the lock may be the one whose journal this is.
    const journal = await this.#lock.tryRun(() => RestoreJournal.find(this.#journalFile));
    if (journal === undefined) {
      return undefined;
    }
    const { target, now, startedAt, steps } = journal.header;
    return { target, now, startedAt, paths: steps.map(({ path }) => path) };
  }

  async recover(how: 'finish' | 'rollBack', context?: OperationContext): Promise<RestoreReport> {
    return this.#lock.run(async () => {
      const journal = await RestoreJournal.find(this.#journalFile);
      if (journal === undefined) {
        return NOTHING;
      }
      const { header, made } = journal;
      if (how === 'rollBack') {
        await journal.turned();
      }
      const root = await this.#states.rootOf(how === 'finish' ? header.target : header.now, context);
      const steps = how === 'finish' ? header.steps : header.steps.map(reversed);
      const notes = { making: (path: string) => journal.making(path), finished: async () => undefined };
      const report = await this.#write(journal, root, { steps, notes, resumed: { made } }, context);
      return how === 'finish' ? withoutEditsSince(report, journal.done) : report;
    }, context);
  }

  /** Does the steps and ends the journal. */
  async #write(
    journal: RestoreJournal,
    root: string,
    job: Omit<WriteJob, 'restoreId'>,
    context?: OperationContext,
  ): Promise<RestoreReport> {
    const { steps } = job;
    const sizes = new Map(
      steps.flatMap(({ after }) => (after?.size === undefined ? [] : [[after.content, after.size]])),
    );
    const target = await StateLookup.open(this.#repository, root);
    const folderAtTarget = async (path: string): Promise<Entry | undefined> => {
      const entry = await target.entry(path);
      return entry?.type === 'folder' ? entry : undefined;
    };
    const contents = storedContents(this.#repository, sizes);
    const workspace = { files: diskFiles, root: this.#repository.workspace, contents, folderAtTarget };
    try {
      const report = await writeWorkspace(workspace, { ...job, restoreId: journal.header.id }, context);
      // A recovery that was cancelled can be taken up again; a cancelled restore ends, and undo takes back what it did.
      if (job.resumed === undefined || !context?.signal?.aborted) {
        await journal.close();
      }
      return report;
    } finally {
      await journal.letGo();
    }
  }

  async #refuseWhileInterrupted(): Promise<void> {
    const journal = await RestoreJournal.find(this.#journalFile);
    if (journal !== undefined) {
      throw new CheckpointError('conflict', 'An earlier restore of this folder was interrupted.', {
        hint: 'Finish it or roll it back first.',
        details: { target: journal.header.target, startedAt: journal.header.startedAt },
      });
    }
  }
}

function reversed({ path, before, after }: Change): Change {
  return {
    path,
    kind: changeKind(after, before),
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}

/** A path that was restored before the interruption and edited after it is as its owner wants it. */
function withoutEditsSince(report: RestoreReport, done: ReadonlySet<string>): RestoreReport {
  return { ...report, failed: report.failed.filter(({ path }) => !done.has(path)) };
}
