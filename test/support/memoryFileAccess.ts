import type { Change, ChangeKind, Entry, LineCounts } from '../../src/core/change.ts';
import { sameEntry } from '../../src/core/change.ts';
import { CheckpointError } from '../../src/core/error.ts';
import type { FileVersion } from '../../src/core/fileHistory.ts';
import type { StatePoint } from '../../src/core/restorePlan.ts';
import type { FileAccess } from '../../src/core/store.ts';
import { workspacePath } from '../../src/platform/workspacePath.ts';
import { difference, EMPTY_STATE, entryOf, isWithin, type MemoryState } from './memoryWorkspace.ts';

/** Looks into the states of an in-memory store. */
export class MemoryFileAccess implements FileAccess {
  readonly #stateAt: (point: StatePoint) => MemoryState;
  readonly #see: () => StatePoint;
  /** Oldest first. */
  readonly #ids: () => readonly string[];

  constructor(stateAt: (point: StatePoint) => MemoryState, see: () => StatePoint, ids: () => readonly string[]) {
    this.#stateAt = stateAt;
    this.#see = see;
    this.#ids = ids;
  }

  async see(): Promise<StatePoint> {
    return this.#see();
  }

  async changes(from: StatePoint, to: StatePoint): Promise<readonly Change[]> {
    return difference(this.#stateAt(from), this.#stateAt(to));
  }

  async changesIn(checkpoint: string): Promise<readonly Change[]> {
    const state = this.#stateAt(checkpoint);
    const ids = this.#ids();
    const before = ids[ids.indexOf(checkpoint) - 1];
    return difference(before === undefined ? EMPTY_STATE : this.#stateAt(before), state);
  }

  async *diff(from: StatePoint, to: StatePoint, paths: readonly string[]): AsyncIterable<Uint8Array> {
    const limits = paths.map(workspacePath);
    const [older, newer] = [this.#stateAt(from), this.#stateAt(to)];
    for (const { path, before, after } of difference(older, newer)) {
      if (before?.content !== after?.content && (limits.length === 0 || limits.some((each) => isWithin(path, each)))) {
        const names = [before ? `a/${path}` : '/dev/null', after ? `b/${path}` : '/dev/null'];
        const hunk = hunkOf(linesOf(older, path), linesOf(newer, path));
        yield Buffer.from(`diff --git a/${path} b/${path}\n--- ${names[0]}\n+++ ${names[1]}\n${hunk.text}`);
      }
    }
  }

  async lineCounts(from: StatePoint, to: StatePoint, path: string): Promise<LineCounts | undefined> {
    const name = workspacePath(path);
    const [older, newer] = [this.#stateAt(from), this.#stateAt(to)];
    const isBinary = [older, newer].some((state) => state.nodes.get(name)?.bytes.includes(0));
    const { deletions, insertions } = hunkOf(linesOf(older, name), linesOf(newer, name));
    return isBinary ? undefined : { insertions, deletions };
  }

  async entry(at: StatePoint, path: string): Promise<Entry | undefined> {
    return entryOf(this.#stateAt(at).nodes.get(workspacePath(path)));
  }

  async read(at: StatePoint, path: string): Promise<Uint8Array> {
    const node = this.#stateAt(at).nodes.get(workspacePath(path));
    if (node === undefined || node.type === 'folder') {
      throw new CheckpointError('notFound', `There is no file "${path}" in that state.`);
    }
    return node.bytes;
  }

  async history(path: string): Promise<readonly FileVersion[]> {
    const name = workspacePath(path);
    let before: Entry | undefined;
    const versions = this.#ids().map((checkpoint): FileVersion => {
      const node = this.#stateAt(checkpoint).nodes.get(name);
      const entry = node?.type === 'folder' ? undefined : entryOf(node);
      const kind = kindOf(before, entry);
      before = entry;
      return entry === undefined ? { checkpoint, kind } : { checkpoint, kind, entry };
    });
    return versions.some(({ entry }) => entry !== undefined) ? versions.toReversed() : [];
  }
}

function kindOf(before: Entry | undefined, after: Entry | undefined): ChangeKind | 'unchanged' {
  if (sameEntry(before, after)) {
    return 'unchanged';
  }
  if (before === undefined) {
    return 'added';
  }
  return after === undefined ? 'deleted' : 'modified';
}

function linesOf(state: MemoryState, path: string): string[] {
  const text = Buffer.from(state.nodes.get(path)?.bytes ?? []).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** One hunk without context: everything between the common beginning and the common end. */
function hunkOf(before: readonly string[], after: readonly string[]) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  const gone = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  const range = (lines: readonly string[]): string => `${lines.length === 0 ? start : start + 1},${lines.length}`;
  const text = [
    `@@ -${range(gone)} +${range(fresh)} @@`,
    ...gone.map((line) => `-${line}`),
    ...fresh.map((line) => `+${line}`),
  ];
  return { text: `${text.join('\n')}\n`, deletions: gone.length, insertions: fresh.length };
}
