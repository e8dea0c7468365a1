import type { Change } from '../../src/core/change.ts';
import { sameEntry } from '../../src/core/change.ts';
import { throwIfCancelled } from '../../src/core/error.ts';
import type { OperationContext } from '../../src/core/operationContext.ts';
import { type FailedPath, planRestore, type RestorePlan, type RestoreReport } from '../../src/core/restorePlan.ts';
import type { FileRestorer, InterruptedRestore } from '../../src/core/store.ts';
import { workspacePath } from '../../src/platform/workspacePath.ts';
import { difference, entryOf, isWithin, type MemoryState, type MemoryWorkspace, parentsOf } from './memoryWorkspace.ts';

/** Puts files of a {@link MemoryWorkspace} back. */
export class MemoryFileRestorer implements FileRestorer {
  /** Makes `apply` die after this many steps, as a kill would. */
  crashAfter: number | undefined;
  /** Called before each step, for tests that change something in between. */
  beforeStep: (path: string) => void = () => undefined;
  readonly #workspace: MemoryWorkspace;
  readonly #stateAt: (point: string, covering?: string) => MemoryState;
  #journal: { readonly plan: RestorePlan; readonly startedAt: string } | undefined;

  constructor(workspace: MemoryWorkspace, stateAt: (point: string, covering?: string) => MemoryState) {
    this.#workspace = workspace;
    this.#stateAt = stateAt;
  }

  async check(target: string, context?: OperationContext): Promise<void> {
    throwIfCancelled(context?.signal);
    this.#stateAt(target);
  }

  async plan(target: string, now: string, paths: readonly string[]): Promise<RestorePlan> {
    const limits = paths.map(workspacePath).filter((path) => path !== '');
    const all = limits.length < Math.max(paths.length, 1);
    const [present, wanted] = [this.#stateAt(now, target), this.#stateAt(target)];
    const changes = difference(present, wanted).filter(
      ({ path }) => all || limits.some((each) => isWithin(path, each)),
    );
    return planRestore({
      target,
      now,
      changes,
      skippedNow: new Map(present.skipped.map(({ path, reason }) => [path, reason])),
      skippedAtTarget: new Map(wanted.skipped.map(({ path, reason }) => [path, reason])),
      ignoredAtTarget: wanted.ignored,
    });
  }

  async apply(plan: RestorePlan, context?: OperationContext): Promise<RestoreReport> {
    this.#journal = { plan, startedAt: '2025-01-01T00:00:00.000Z' };
    const report = this.#run(plan.steps, this.#stateAt(plan.target), this.crashAfter, context?.signal);
    this.#journal = undefined;
    return report;
  }

  async interrupted(): Promise<InterruptedRestore | undefined> {
    const journal = this.#journal;
    return (
      journal && {
        target: journal.plan.target,
        now: journal.plan.now,
        startedAt: journal.startedAt,
        paths: journal.plan.steps.map(({ path }) => path),
      }
    );
  }

  async recover(how: 'finish' | 'rollBack'): Promise<RestoreReport> {
    if (this.#journal === undefined) {
      return { restored: [], deleted: [], failed: [] };
    }
    const { plan } = this.#journal;
    const steps = how === 'finish' ? plan.steps : plan.steps.map(reversed);
    const state = this.#stateAt(how === 'finish' ? plan.target : plan.now);
    const report = this.#run(
      steps.filter(({ path, after }) => !sameEntry(entryOf(this.#workspace.nodes.get(path)), after)),
      state,
    );
    this.#journal = undefined;
    return report;
  }

  #run(steps: readonly Change[], state: MemoryState, crashAfter = Infinity, signal?: AbortSignal): RestoreReport {
    const report = { restored: [] as string[], deleted: [] as string[], failed: [] as FailedPath[] };
    const isDeletion = (step: Change): boolean => step.after === undefined;
    const ordered = [...steps.filter(isDeletion).toReversed(), ...steps.filter((step) => !isDeletion(step))];
    for (const [index, step] of ordered.entries()) {
      if (index >= crashAfter) {
        throw new Error('killed');
      }
      this.beforeStep(step.path);
      const reason = signal?.aborted ? 'cancelled' : this.#step(step, state);
      if (reason !== undefined) {
        report.failed.push({ path: step.path, reason });
      } else {
        (isDeletion(step) ? report.deleted : report.restored).push(step.path);
      }
    }
    return report;
  }

  /** Why the step was not done, or undefined. */
  #step({ path, before, after }: Change, state: MemoryState): string | undefined {
    const { nodes } = this.#workspace;
    if (!sameEntry(entryOf(nodes.get(path)), before)) {
      return 'changed since the safety checkpoint';
    }
    if (after === undefined) {
      if ([...nodes.keys()].some((known) => known.startsWith(`${path}/`))) {
        return 'not empty';
      }
      nodes.delete(path);
      this.#removeEmptied(parentsOf(path).toReversed(), state);
      return undefined;
    }
    for (const parent of parentsOf(path)) {
      if (nodes.get(parent) === undefined) {
        nodes.set(parent, state.nodes.get(parent) ?? EMPTY_FOLDER);
      } else if (nodes.get(parent)?.type !== 'folder') {
        return 'its folder is not a folder';
      }
    }
    const node = state.nodes.get(path);
    if (node !== undefined) {
      nodes.set(path, node);
    }
    return undefined;
  }

  #removeEmptied(folders: readonly string[], state: MemoryState): void {
    const { nodes } = this.#workspace;
    for (const folder of folders) {
      const isEmpty = ![...nodes.keys()].some((known) => known.startsWith(`${folder}/`));
      if (isEmpty && state.nodes.get(folder)?.type !== 'folder') {
        nodes.delete(folder);
      }
    }
  }
}

const EMPTY_FOLDER = { type: 'folder', mode: 0o755, bytes: new Uint8Array() } as const;

function reversed({ path, kind, before, after }: Change): Change {
  const kinds = { added: 'deleted', modified: 'modified', deleted: 'added' } as const;
  return { path, kind: kinds[kind], ...(after && { before: after }), ...(before && { after: before }) };
}
