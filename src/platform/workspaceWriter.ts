import type { PlacedStep } from './asideFiles.ts';
import type { Change } from '../core/change.ts';
import { isCheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { RestoreReport } from '../core/restorePlan.ts';
import { forEachLimited } from './concurrency.ts';
import { failureText } from './failureText.ts';
import { FolderWriter, type FolderNotes, type FolderParts } from './folderWriter.ts';
import { isBlockedWay } from './openFolder.ts';
import { PathWriter, type ContentSource } from './pathWriter.ts';
import { baseName, folderOf } from './relativePath.ts';
import { inBatches, inPortions } from './stepGroups.ts';
import { TimeSlices } from './timeSlices.ts';
import {
  bringsFile,
  bringsFolder,
  closesFolder,
  innermostFirst,
  opensFolder,
  outermostFirst,
  removesFile,
  type NumberedStep,
} from './stepKinds.ts';

/** What a writer works on and with. */
export interface WorkspaceParts extends FolderParts {
  readonly contents: ContentSource;
}

/** A list of steps to be done, or to be gone on with. */
export interface WriteJob {
  readonly restoreId: string;
  /** The place of a step in the list is part of the names of its temporary files. */
  readonly steps: readonly Change[];
  /** What an earlier attempt at these steps, in either direction, has left when it was interrupted. */
  readonly resumed?: { readonly made: ReadonlySet<string> };
  readonly notes: WriteNotes;
}

/** Told what has to be known after an interruption. */
export interface WriteNotes extends FolderNotes {
  /** A path has become what it is to be. */
  finished(path: string): Promise<void>;
}

const CONCURRENCY = 16;

/**
 * Does the steps of a plan in a workspace folder and touches no other path: files that go, folders that go, folders that
 * come, files that come. A step that fails is reported and stops nothing else.
 */
export function writeWorkspace(
  parts: WorkspaceParts,
  job: WriteJob,
  context: OperationContext = {},
): Promise<RestoreReport> {
  return new WorkspaceWriter(parts, job, context).run();
}

class WorkspaceWriter {
  readonly #job: WriteJob;
  readonly #context: OperationContext;
  readonly #paths: PathWriter;
  readonly #folders: FolderWriter;
  readonly #steps: readonly NumberedStep[];
  readonly #failed = new Map<string, string>();
  readonly #done = new Set<string>();
  readonly #slices = new TimeSlices();

  constructor(parts: WorkspaceParts, job: WriteJob, context: OperationContext) {
    this.#job = job;
    this.#context = context;
    this.#paths = new PathWriter(parts.files, parts.contents, job.restoreId, job.resumed !== undefined);
    this.#folders = new FolderWriter(parts, job.notes);
    this.#steps = job.steps.map((change, index) => ({ change, index }));
  }

  async run(): Promise<RestoreReport> {
    const { resumed } = this.#job;
    if (resumed !== undefined) {
      await this.#each(this.#steps, (step) => this.#settle(step));
      await this.#folders.completeMade(resumed.made);
    }
    await this.#each(this.#steps.filter(opensFolder), (step) => this.#changeFolder(step));
    await this.#each(this.#steps.filter(removesFile), (step) => this.#remove(step));
    await this.#removeFolders();
    await this.#each(this.#steps.filter(bringsFolder).toSorted(outermostFirst), (step) => this.#makeFolder(step), 1);
    for (const steps of inPortions(this.#steps.filter(bringsFile))) {
      await this.#writeFiles(steps);
    }
    await this.#folders.applyLateModes();
    await this.#each(this.#steps.filter(closesFolder).toSorted(innermostFirst), (step) => this.#changeFolder(step), 1);
    await this.#folders.sync();
    return this.#report();
  }

  /** Runs an action for many steps, some of them side by side, and notes what fails. */
  async #each(
    steps: readonly NumberedStep[],
    action: (step: NumberedStep) => Promise<void>,
    concurrency = CONCURRENCY,
  ): Promise<void> {
    const batches = inBatches(steps);
    const work = async (): Promise<void> => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        for (const step of batch) {
          await this.#attempt(step, action);
          await this.#slices.next();
        }
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  async #attempt(step: NumberedStep, action: (step: NumberedStep) => Promise<void>): Promise<void> {
    const { path } = step.change;
    if (this.#failed.has(path)) {
      return;
    }
    if (this.#context.signal?.aborted) {
      this.#failed.set(path, 'The restore was cancelled before it came to this path.');
      return;
    }
    try {
      await action(step);
    } catch (error) {
      this.#failed.set(path, failureText(error));
    }
  }

  async #settle(step: NumberedStep): Promise<void> {
    await this.#inPlace(step, (placed) => this.#paths.settle(placed)).catch((error) => this.#ignoreNoFolder(error));
  }

  async #remove(step: NumberedStep): Promise<void> {
    await this.#inPlace(step, (placed) => this.#paths.remove(placed)).catch((error) => this.#ignoreNoFolder(error));
    if (step.change.after === undefined) {
      await this.#finish(step);
    }
  }

  /** All new contents are on disk before the first one takes its place: syncs among other changes make these wait. */
  async #writeFiles(steps: readonly NumberedStep[]): Promise<void> {
    await this.#each(steps, (step) => this.#prepare(step));
    await forEachLimited(steps, CONCURRENCY, async (step) => {
      await this.#paths.sync(step).catch((error) => this.#failed.set(step.change.path, failureText(error)));
    });
    await this.#each(steps, (step) => this.#write(step));
    for (const step of steps.filter(({ change }) => this.#failed.has(change.path))) {
      await this.#settle(step).catch(() => undefined);
    }
  }

  async #prepare(step: NumberedStep): Promise<void> {
    const prepare = (): Promise<void> => this.#inPlace(step, (placed) => this.#paths.prepare(placed));
    try {
      await prepare();
    } catch (error) {
      const wasThere = step.change.before !== undefined && this.#job.resumed === undefined;
      if (wasThere || !isCheckpointError(error, 'notFound')) {
        throw error;
      }
      await this.#folders.ensure(folderOf(step.change.path));
      await prepare();
    }
  }

  async #write(step: NumberedStep): Promise<void> {
    await this.#inPlace(step, (placed) => this.#paths.write(placed));
    await this.#finish(step);
  }

  async #removeFolders(): Promise<void> {
    const steps = new Map(this.#steps.map((step) => [step.change.path, step]));
    for (const path of await this.#folders.ending(this.#job.steps)) {
      const step = steps.get(path);
      if (step?.change.before?.type !== 'folder') {
        // It is only to go because nothing is left in it: where that is not possible, nothing is wrong.
        await this.#folders.remove(path).catch(() => false);
        continue;
      }
      await this.#attempt(step, async () => {
        if ((await this.#folders.remove(path)) && step.change.after === undefined) {
          await this.#finish(step);
        }
      });
    }
  }

  async #makeFolder(step: NumberedStep): Promise<void> {
    await this.#folders.ensure(step.change.path);
    await this.#finish(step);
  }

  async #changeFolder(step: NumberedStep): Promise<void> {
    await this.#folders.changeMode(step.change.path, step.change.after?.mode ?? 0o755);
    await this.#finish(step);
  }

  #inPlace<T>({ change, index }: NumberedStep, action: (step: PlacedStep) => Promise<T>): Promise<T> {
    return this.#folders.inParent(change.path, (folder) =>
      action({ folder, name: baseName(change.path), change, index }),
    );
  }

  /** Where a folder is gone, so is the file in it; after an interruption also where our own file has taken its place. */
  #ignoreNoFolder(error: unknown): void {
    const isOurs = this.#job.resumed !== undefined && isBlockedWay(error);
    if (!isOurs && !isCheckpointError(error, 'notFound')) {
      throw error;
    }
  }

  async #finish({ change }: NumberedStep): Promise<void> {
    this.#done.add(change.path);
    await this.#job.notes.finished(change.path);
    this.#context.onProgress?.({ message: 'Restoring files', done: this.#done.size, total: this.#steps.length });
  }

  #report(): RestoreReport {
    const done = this.#job.steps.filter(({ path }) => this.#done.has(path) && !this.#failed.has(path));
    return {
      restored: done.filter(({ after }) => after !== undefined).map(({ path }) => path),
      deleted: done.filter(({ after }) => after === undefined).map(({ path }) => path),
      failed: this.#job.steps.flatMap(({ path }) => {
        const reason = this.#failed.get(path);
        return reason === undefined ? [] : [{ path, reason }];
      }),
    };
  }
}
