import type { Checkpoint } from '../core/checkpoint.ts';
import type { DiskUse } from '../core/diskUse.ts';
import type { OperationContext } from '../core/operationContext.ts';
import { planRetention, type Removal, type RetentionPlan, type RetentionRules } from '../core/retention.ts';
import type { CheckpointStore } from '../core/store.ts';
import { deleteCheckpoints } from './deleteCheckpoints.ts';
import { listStore, mergeNewestFirst } from './timeline.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** What retention would remove from all stores of a folder, and what it keeps there. Both newest first. */
export interface PrunePlan {
  readonly removed: readonly Removal[];
  readonly kept: readonly Checkpoint[];
}

/**
 * Applies the rules to each store that can delete, without deleting. What undo, redo and an interrupted restore go back to
 * stays, and so do all parts of a paired checkpoint while one part stays.
 */
export async function planPrune(
  session: WorkspaceSession,
  rules: RetentionRules,
  now: Date,
  context?: OperationContext,
): Promise<PrunePlan> {
  const stores = session.stores.filter((store) => store.capabilities.delete.available);
  const contents = await Promise.all(
    stores.map(async (store) => {
      const checkpoints = await listStore(store, context);
      return { checkpoints, parts: (await diskUseOf(store, context))?.parts ?? [] };
    }),
  );
  const needed = await neededByRestores(session);
  for (;;) {
    const plans = contents.map((content) => planRetention({ ...content, rules, now, needed }));
    const torn = partsOfKeptPairs(plans);
    if (torn.length === 0) {
      return joinPlans(plans);
    }
    for (const { id } of torn) {
      needed.add(id);
    }
  }
}

/** What a store takes on the disk; undefined where it cannot tell. */
export async function diskUseOf(store: CheckpointStore, context?: OperationContext): Promise<DiskUse | undefined> {
  const { maintain } = store.capabilities;
  return maintain.available ? maintain.use.diskUse(context) : undefined;
}

/** Deletes what the plan names. */
export function prune(session: WorkspaceSession, plan: PrunePlan, context?: OperationContext): Promise<void> {
  return deleteCheckpoints(
    session.stores,
    plan.removed.map((removal) => removal.checkpoint),
    context,
  );
}

async function neededByRestores(session: WorkspaceSession): Promise<Set<string>> {
  const records = await session.restores.read();
  const needed = records.flatMap(({ safety, undoneFrom }) => [safety, undoneFrom ?? safety]);
  for (const { capabilities } of session.stores) {
    const interrupted = capabilities.restoreFiles.available
      ? await capabilities.restoreFiles.use.interrupted()
      : undefined;
    needed.push(...(interrupted === undefined ? [] : [interrupted.target, interrupted.now]));
  }
  return new Set(needed);
}

function partsOfKeptPairs(plans: readonly RetentionPlan[]): readonly Checkpoint[] {
  const kept = new Set(plans.flatMap((plan) => plan.kept.flatMap(({ pairId }) => pairId ?? [])));
  return plans
    .flatMap((plan) => plan.removed.map((removal) => removal.checkpoint))
    .filter(({ pairId }) => pairId !== undefined && kept.has(pairId));
}

function joinPlans(plans: readonly RetentionPlan[]): PrunePlan {
  const removals = new Map(plans.flatMap(({ removed }) => removed.map((removal) => [removal.checkpoint, removal])));
  const removed = mergeNewestFirst(plans.map((plan) => plan.removed.map((removal) => removal.checkpoint)));
  return {
    removed: removed.flatMap((checkpoint) => removals.get(checkpoint) ?? []),
    kept: mergeNewestFirst(plans.map((plan) => plan.kept)),
  };
}
