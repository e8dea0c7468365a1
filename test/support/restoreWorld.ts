import { createHash } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import type { Change, Entry } from '../../src/core/change.ts';
import { sameEntry } from '../../src/core/change.ts';
import { isCheckpointError } from '../../src/core/error.ts';
import type { OperationContext } from '../../src/core/operationContext.ts';
import type { RestoreReport } from '../../src/core/restorePlan.ts';
import { readEntry, undefinedWhenMissing, type ContentDigest } from '../../src/platform/diskEntry.ts';
import { diskFiles, type FileOperations } from '../../src/platform/diskFiles.ts';
import { pathFromBytes } from '../../src/platform/pathBytes.ts';
import type { ContentSource } from '../../src/platform/pathWriter.ts';
import { writeWorkspace, type WriteNotes } from '../../src/platform/workspaceWriter.ts';
import { at } from './folderTree.ts';

/** A state of a folder: every path, folders included. */
export type WorldState = ReadonlyMap<string, Entry>;

export const sha256Digest: ContentDigest = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), id: () => hash.digest('hex') };
};

/** Contents that are kept in memory: what a restore needs of a store. */
export class MemoryContents implements ContentSource {
  readonly digest = sha256Digest;
  readonly kept = new Map<string, Buffer>();

  async *read(content: string): AsyncIterable<Uint8Array> {
    const bytes = this.kept.get(content);
    if (bytes === undefined) {
      throw new Error(`no content ${content}`);
    }
    yield bytes;
  }

  /** What a folder holds, with all contents kept. */
  async capture(root: string): Promise<WorldState> {
    const state = new Map<string, Entry>();
    await this.#captureLevel(root, '', state);
    return state;
  }

  async #captureLevel(root: string, prefix: string, state: Map<string, Entry>): Promise<void> {
    for (const raw of await nodeFiles.readdir(at(root, prefix), { encoding: 'buffer' })) {
      const path = (prefix === '' ? '' : `${prefix}/`) + pathFromBytes(raw);
      const entry = await readEntry(diskFiles, at(root, path), this.digest).catch(undefinedWhenChanging);
      if (entry === undefined) {
        continue;
      }
      if (entry.type === 'folder') {
        state.set(path, entry);
        await this.#captureLevel(root, path, state);
      } else if (await this.#keep(at(root, path), entry)) {
        state.set(path, entry);
      }
    }
  }

  /** False when the content is another one, or gone, since the entry was read. */
  async #keep(place: Buffer, { type, content }: Entry): Promise<boolean> {
    if (this.kept.has(content)) {
      return true;
    }
    const reading = type === 'file' ? nodeFiles.readFile(place) : nodeFiles.readlink(place, { encoding: 'buffer' });
    const bytes = await reading.catch(undefinedWhenMissing);
    const digest = this.digest(bytes?.length ?? 0);
    digest.update(bytes ?? Buffer.of());
    if (bytes === undefined || digest.id() !== content) {
      return false;
    }
    this.kept.set(content, bytes);
    return true;
  }
}

/** A file that changes while it is read is left out, as a capture does. */
function undefinedWhenChanging(error: unknown): undefined {
  if (!isCheckpointError(error, 'conflict')) {
    throw error;
  }
}

/** The difference of two states by the rule of the core: folders only where they are empty or their bits changed. */
export function differenceOf(from: WorldState, to: WorldState): Change[] {
  const changes: Change[] = [];
  for (const path of new Set([...from.keys(), ...to.keys()])) {
    const [before, after] = [listed(path, from, to), listed(path, to, from)];
    if (!sameEntry(before, after)) {
      changes.push({
        path,
        kind: changeKind(before, after),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      });
    }
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function changeKind(before: Entry | undefined, after: Entry | undefined): Change['kind'] {
  if (before === undefined) {
    return 'added';
  }
  return after === undefined ? 'deleted' : 'modified';
}

function listed(path: string, state: WorldState, other: WorldState): Entry | undefined {
  const entry = state.get(path);
  const isImplied = entry?.type === 'folder' && [...state.keys()].some((key) => key.startsWith(`${path}/`));
  return isImplied && other.get(path)?.type !== 'folder' ? undefined : entry;
}

export interface ApplyOptions {
  readonly files?: FileOperations;
  readonly resumed?: { readonly made: ReadonlySet<string> };
  readonly notes?: WriteNotes;
  readonly restoreId?: string;
  readonly context?: OperationContext;
}

const NO_NOTES: WriteNotes = { finished: async () => undefined, making: async () => undefined };

export const TEST_RESTORE_ID = '0123456789abcdef';

/** Does the steps that lead to `to` in a folder. */
export function applySteps(
  root: string,
  contents: ContentSource,
  steps: readonly Change[],
  to: WorldState,
  options: ApplyOptions = {},
): Promise<RestoreReport> {
  const parts = {
    files: options.files ?? diskFiles,
    root,
    contents,
    folderAtTarget: async (path: string) => (to.get(path)?.type === 'folder' ? to.get(path) : undefined),
  };
  const { restoreId = TEST_RESTORE_ID, resumed, notes = NO_NOTES, context } = options;
  return writeWorkspace(parts, { restoreId, steps, notes, ...(resumed === undefined ? {} : { resumed }) }, context);
}

/** The same steps the other way round. */
export function reversed(steps: readonly Change[]): Change[] {
  return steps.map(({ path, before, after }) => ({
    path,
    kind: changeKind(after, before),
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  }));
}
