import type { Change, Entry, LineCounts } from '../../../core/change.ts';
import { CheckpointError, isCheckpointError } from '../../../core/error.ts';
import type { FileVersion } from '../../../core/fileHistory.ts';
import { isAtOrBelow } from '../../../core/isAtOrBelow.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { NOW, type StatePoint } from '../../../core/restorePlan.ts';
import type { FileAccess } from '../../../core/store.ts';
import type { Catalog } from './catalog.ts';
import { fileHistory } from './fileHistory.ts';
import { type JournalLine, LONGEST_LIST } from './journalLine.ts';
import { withSizes } from '../git/objectSizes.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { seenPoint } from '../capture/seenState.ts';
import type { States } from '../state/states.ts';
import { entryAt } from '../state/stateTree.ts';
import { diffStates } from '../state/treeDiff.ts';
import { lineCounts, modeDiff, unifiedDiff } from '../state/unifiedDiff.ts';
import { workspacePath } from '../../../platform/workspacePath.ts';

/** Looks into the states of a shadow store. */
export class ShadowFileAccess implements FileAccess {
  readonly #repository: ShadowRepository;
  readonly #catalog: Catalog;
  readonly #states: States;

  constructor(repository: ShadowRepository, catalog: Catalog, states: States) {
    this.#repository = repository;
    this.#catalog = catalog;
    this.#states = states;
  }

  async see(context?: OperationContext): Promise<StatePoint> {
    return seenPoint(await this.#states.rootOf(NOW, context));
  }

  async changes(from: StatePoint, to: StatePoint, context?: OperationContext): Promise<readonly Change[]> {
    const roots = await this.#roots(from, to, context);
    return this.#sized(await diffStates(this.#repository, roots.from, roots.to, context));
  }

  async changesIn(checkpoint: string): Promise<readonly Change[]> {
    return this.#catalog.changesIn(await this.#catalog.get(checkpoint));
  }

  async *diff(
    from: StatePoint,
    to: StatePoint,
    paths: readonly string[],
    context?: OperationContext,
  ): AsyncIterable<Uint8Array> {
    const limits = paths.map(workspacePath).filter((path) => path !== '');
    const wanted = limits.length < paths.length ? [] : limits;
    const roots = await this.#roots(from, to, context);
    yield* unifiedDiff(this.#repository, roots, wanted, context);
    const changes = await diffStates(this.#repository, roots.from, roots.to, context);
    const within = new Set(wanted.length === 0 ? [''] : wanted);
    const modes = modeDiff(changes.filter(({ path }) => isAtOrBelow(path, within)));
    if (modes.length > 0) {
      yield modes;
    }
  }

  async lineCounts(from: StatePoint, to: StatePoint, path: string): Promise<LineCounts | undefined> {
    return lineCounts(this.#repository, await this.#roots(from, to), workspacePath(path));
  }

  async entry(at: StatePoint, path: string): Promise<Entry | undefined> {
    return entryAt(this.#repository.objects, await this.#states.rootOf(at), workspacePath(path));
  }

  async read(at: StatePoint, path: string): Promise<Uint8Array> {
    const wanted = workspacePath(path);
    const entry = await this.entry(at, wanted);
    if (entry === undefined || entry.type === 'folder') {
      throw new CheckpointError('notFound', `There is no file ${JSON.stringify(path)} in that state.`, {
        details: { path, state: at },
      });
    }
    return this.#repository.objects.blob(entry.content);
  }

  async history(path: string): Promise<readonly FileVersion[]> {
    const wanted = workspacePath(path);
    const { checkpoints } = await this.#catalog.read();
    return fileHistory(checkpoints, wanted, (line) => this.#lookUp(line, wanted));
  }

  async #lookUp(line: JournalLine, path: string): Promise<Entry | 'unreadable' | undefined> {
    try {
      return await entryAt(this.#repository.objects, line.root, path);
    } catch (error) {
      if (isCheckpointError(error, 'corrupt')) {
        return 'unreadable';
      }
      throw error;
    }
  }

  async #roots(from: StatePoint, to: StatePoint, context?: OperationContext): Promise<{ from: string; to: string }> {
    const start = await this.#states.rootOf(from, context);
    return { from: start, to: from === to ? start : await this.#states.rootOf(to, context) };
  }

  async #sized(changes: readonly Change[]): Promise<readonly Change[]> {
    const [sized = []] = changes.length > LONGEST_LIST ? [changes] : await withSizes(this.#repository, [changes]);
    return sized;
  }
}
