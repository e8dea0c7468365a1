import { requireCapability } from '../core/capabilities.ts';
import { sameEntry } from '../core/change.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import type { FileVersion } from '../core/fileHistory.ts';
import type { OperationContext } from '../core/operationContext.ts';
import { NOW } from '../core/restorePlan.ts';
import type { CheckpointStore } from '../core/store.ts';
import { mergeNewestFirst, unlessOutOfReach } from './timeline.ts';

/** One version of a file with the checkpoint that has it. */
export interface LocatedVersion {
  readonly checkpoint: Checkpoint;
  readonly version: FileVersion;
}

/** The versions of a file, newest first: only checkpoints at which it changed. */
export async function fileVersions(
  store: CheckpointStore,
  path: string,
  context?: OperationContext,
): Promise<readonly LocatedVersion[]> {
  const located = await locate(store, path, context);
  return located.filter(({ version }) => version.kind !== 'unchanged');
}

/** The versions of a file in all stores that can be looked into, as one time line. */
export async function fileTimeline(
  stores: readonly CheckpointStore[],
  path: string,
  context?: OperationContext,
): Promise<readonly LocatedVersion[]> {
  const open = stores.filter(({ capabilities }) => capabilities.files.available);
  const lists = await Promise.all(
    open.map((store) => unlessOutOfReach(store, () => fileVersions(store, path, context))),
  );
  const versions = new Map(lists.flat().map((located) => [located.checkpoint, located]));
  const merged = mergeNewestFirst(lists.map((list) => list.map(({ checkpoint }) => checkpoint)));
  return merged.flatMap((checkpoint) => versions.get(checkpoint) ?? []);
}

/** The checkpoints that a file can be reverted to: the newest checkpoint of each version that differs from now. */
export async function revertChoices(
  store: CheckpointStore,
  path: string,
  context?: OperationContext,
): Promise<readonly LocatedVersion[]> {
  const located = await locate(store, path, context);
  const now = await requireCapability(store.capabilities.files).entry(NOW, path);
  const choices: LocatedVersion[] = [];
  let newer = now;
  for (const candidate of located) {
    const { entry } = candidate.version;
    const startsVersion = !sameEntry(entry, newer) && !sameEntry(entry, now);
    if (startsVersion) {
      choices.push(candidate);
    }
    newer = entry;
  }
  return choices;
}

async function locate(
  store: CheckpointStore,
  path: string,
  context?: OperationContext,
): Promise<readonly LocatedVersion[]> {
  const history = await requireCapability(store.capabilities.files).history(path, context);
  const checkpoints = new Map((await store.list(context)).map((checkpoint) => [checkpoint.id, checkpoint]));
  return history.flatMap((version) => {
    const checkpoint = checkpoints.get(version.checkpoint);
    return checkpoint === undefined ? [] : [{ checkpoint, version }];
  });
}
