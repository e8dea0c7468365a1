import type { Checkpoint } from '../../../core/checkpoint.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import type { CreateRequest } from '../../../core/store.ts';
import { randomHex } from '../../../platform/dataFiles.ts';
import type { CapturedState } from '../capture/capture.ts';
import type { CatalogState } from './catalog.ts';
import { type CheckpointMetadata, encodeCommit } from './checkpointCommit.ts';
import { chooseName } from './checkpointNames.ts';
import type { JournalLine } from './journalLine.ts';
import { requireSeen, seenRoot } from '../capture/seenState.ts';
import type { StoreParts } from '../storeParts.ts';
import { writeObject } from '../git/objectWriter.ts';
import { toCheckpoint } from './toCheckpoint.ts';

/** Captures the folder and keeps the state under a ref of its own: lock, capture, commit, ref, journal. */
export function createCheckpoint(
  parts: StoreParts,
  request: CreateRequest,
  context?: OperationContext,
): Promise<Checkpoint | undefined> {
  return parts.lock.run(async () => {
    const state = await parts.catalog.read();
    const newest = state.checkpoints.at(-1);
    const name = chooseName(request.label, metadataOf(state), parts.clock.now());
    const captured =
      request.state === undefined
        ? await capture(parts, newest?.root, request.covering, context)
        : await requireSeen(parts.repository, request.state);
    const same = newest?.root === captured.root ? newest : undefined;
    if (same !== undefined && request.ifChanged) {
      return undefined;
    }
    // Whoever asked for a safety checkpoint may delete it, so nobody else gets the same one.
    if (same !== undefined && request.origin === 'safety' && same.metadata.origin !== 'safety') {
      return toCheckpoint(same);
    }
    const metadata = { ...describeNew(parts, state, request), ...name };
    return toCheckpoint(await keepCheckpoint(parts, state, captured, metadata));
  }, context);
}

function describeNew(
  { clock }: StoreParts,
  state: CatalogState,
  { note = '', origin, pairId }: CreateRequest,
): Omit<CheckpointMetadata, 'name' | 'label'> {
  return {
    format: 1,
    id: freeId(state),
    seq: nextSeq(state),
    note,
    createdAt: clock.now().toISOString(),
    origin,
    pinned: false,
    stateful: false,
    scope: ['workspace'],
    ...(pairId === undefined ? {} : { pairId }),
  };
}

/** Makes a captured state a checkpoint: on disk and under its ref when this resolves. The caller holds the lock. */
export async function keepCheckpoint(
  parts: StoreParts,
  state: CatalogState,
  captured: CapturedState,
  metadata: CheckpointMetadata,
): Promise<JournalLine> {
  const commit = await writeCommit(parts, captured.root, metadata);
  await parts.lock.assertHeld();
  await parts.catalog.refs.write(metadata.id, commit);
  await parts.reserve.keep();
  return parts.catalog.add(state, { commit, metadata, ...captured });
}

export async function writeCommit(parts: StoreParts, root: string, metadata: CheckpointMetadata): Promise<string> {
  return writeObject(parts.repository.gitDir, 'commit', encodeCommit(root, metadata));
}

/** Captures the folder on top of the newest state. The caller holds the lock. */
export async function capture(
  parts: StoreParts,
  previous: string | undefined,
  covering: string | undefined,
  context?: OperationContext,
): Promise<CapturedState> {
  const covered = covering && (seenRoot(covering) ?? (await parts.catalog.get(covering)).root);
  return parts.capturer.capture(
    {
      ...(previous === undefined ? {} : { previous }),
      ...(covered ? { covering: covered } : {}),
    },
    context,
  );
}

export function metadataOf(state: CatalogState): CheckpointMetadata[] {
  return state.checkpoints.map(({ metadata }) => metadata);
}

const ID_BYTES = 8;

/** An id that no checkpoint has, damaged ones included. */
export function freeId(state: CatalogState): string {
  for (;;) {
    const id = randomHex(ID_BYTES);
    if (!state.byId.has(id) && !state.unreadable.includes(id)) {
      return id;
    }
  }
}

function nextSeq(state: CatalogState): number {
  return (state.checkpoints.at(-1)?.metadata.seq ?? 0) + 1;
}
