import type { Entry } from '../../core/change.ts';
import { CheckpointError, isCheckpointError } from '../../core/error.ts';
import type { FileVersion } from '../../core/fileHistory.ts';
import type { ForeignTree, ForeignTrees } from '../../core/foreignTrees.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { StatePoint } from '../../core/restorePlan.ts';
import type { FileAccess } from '../../core/store.ts';
import type { RawEntry } from '../../platform/rawDiff.ts';
import { workspacePath } from '../../platform/workspacePath.ts';
import type { Captures } from './captures.ts';

const TREE_ID = /^[0-9a-f]{40}$/;

/** Looks into captures with the eyes of the files store. */
export class CaptureFiles implements FileAccess {
  readonly #captures: Captures;
  readonly #trees: ForeignTrees;

  constructor(captures: Captures, trees: ForeignTrees) {
    this.#captures = captures;
    this.#trees = trees;
  }

  /**
   * The tree of a capture.
   * @throws CheckpointError `notFound` when there is none of this id, or no more.
   */
  async tree(id: string): Promise<ForeignTree> {
    const steps = await this.#captures.list();
    const tree = steps.find(({ capture }) => capture.id === id)?.capture.tree;
    if (tree === undefined) {
      throw notThere(id);
    }
    return tree;
  }

  /** Does something with a capture; that an object of it is missing means that docker-agent has cleaned it up. */
  async whileThere<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw isCheckpointError(error, 'corrupt') ? gone(error) : error;
    }
  }

  see(context?: OperationContext) {
    return this.#trees.files.see(context);
  }

  changes(from: StatePoint, to: StatePoint, context?: OperationContext) {
    return this.whileThere(async () =>
      this.#trees.files.changes(await this.#point(from), await this.#point(to), context),
    );
  }

  changesIn(checkpoint: string, context?: OperationContext) {
    return this.whileThere(async () => {
      const step = (await this.#captures.list(context)).find(({ capture }) => capture.id === checkpoint);
      if (step === undefined) {
        throw notThere(checkpoint);
      }
      const [before, after] = [await this.#trees.state(step.before), await this.#trees.state(step.capture.tree)];
      return this.#trees.files.changes(before, after, context);
    });
  }

  async *diff(from: StatePoint, to: StatePoint, paths: readonly string[], context?: OperationContext) {
    const [before, after] = [await this.#point(from), await this.#point(to)];
    const chunks = this.#trees.files.diff(before, after, paths, context)[Symbol.asyncIterator]();
    for (let next = await this.whileThere(() => chunks.next()); !next.done;) {
      yield next.value;
      next = await this.whileThere(() => chunks.next());
    }
  }

  lineCounts(from: StatePoint, to: StatePoint, path: string) {
    return this.whileThere(async () =>
      this.#trees.files.lineCounts(await this.#point(from), await this.#point(to), path),
    );
  }

  entry(at: StatePoint, path: string) {
    return this.whileThere(async () => this.#trees.files.entry(await this.#point(at), path));
  }

  read(at: StatePoint, path: string) {
    return this.whileThere(async () => this.#trees.files.read(await this.#point(at), path));
  }

  async history(path: string, context?: OperationContext): Promise<readonly FileVersion[]> {
    const wanted = workspacePath(path);
    const steps = (await this.#captures.list(context)).toReversed();
    const lists = await this.#captures.changes(steps, context);
    const versions: FileVersion[] = [];
    let entry: Entry | undefined;
    for (const [index, { capture }] of steps.entries()) {
      const rows = lists[index];
      if (rows !== undefined) {
        const row = rows.find((each) => each.path === wanted);
        const before = entry;
        entry = row === undefined ? before : toEntry(row.after);
        const kind = row === undefined ? 'unchanged' : kindOf(before, entry);
        versions.push({ checkpoint: capture.id, kind, ...(entry === undefined ? {} : { entry }) });
      }
    }
    return versions.every((version) => version.entry === undefined) ? [] : versions.toReversed();
  }

  async #point(point: StatePoint): Promise<StatePoint> {
    return TREE_ID.test(point) ? this.#trees.state(await this.tree(point)) : point;
  }
}

function notThere(id: string): CheckpointError {
  return TREE_ID.test(id) ? gone() : new CheckpointError('notFound', `There is no checkpoint "${id}".`);
}

function gone(cause?: unknown): CheckpointError {
  return new CheckpointError('notFound', 'This capture is no longer available: docker-agent has cleaned it up.', {
    hint: 'Keep captures that you want to have for longer than a few days.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function toEntry(entry: RawEntry | undefined): Entry | undefined {
  if (entry === undefined) {
    return undefined;
  }
  return entry.mode === '120000'
    ? { type: 'symlink', mode: 0o777, content: entry.id }
    : { type: 'file', mode: entry.mode === '100755' ? 0o755 : 0o644, content: entry.id };
}

function kindOf(before: Entry | undefined, after: Entry | undefined): FileVersion['kind'] {
  if (before === undefined) {
    return 'added';
  }
  return after === undefined ? 'deleted' : 'modified';
}
