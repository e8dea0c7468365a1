import type { StoreInfo } from '../core/backend.ts';
import type { Capability } from '../core/capabilities.ts';
import type { Change } from '../core/change.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { coverageKind } from '../core/coverage.ts';
import type { CheckpointStore } from '../core/store.ts';

/** The values of the command line's JSON. What is unknown is `null`, so that every key is always there. */
export function checkpointJson(checkpoint: Checkpoint) {
  return {
    id: checkpoint.id,
    store: checkpoint.store,
    backend: checkpoint.backend,
    name: checkpoint.name,
    label: checkpoint.label,
    note: checkpoint.note,
    createdAt: checkpoint.createdAt ?? null,
    origin: checkpoint.origin,
    scope: checkpoint.scope,
    stateful: checkpoint.stateful,
    pinned: checkpoint.pinned,
    pairId: checkpoint.pairId ?? null,
    changes: checkpoint.changes ?? null,
    coverage: coverageKind(checkpoint.coverage),
    skipped: checkpoint.coverage.skipped.map(({ path, reason, size }) => ({ path, reason, size: size ?? null })),
  };
}

export function storeJson({ info, capabilities }: CheckpointStore) {
  const { id, backend, label, state }: StoreInfo = info;
  const shown = Object.entries<Capability<unknown>>({ ...capabilities }).map(([name, capability]) => [
    name,
    capability.available ? { available: true } : { available: false, reason: capability.reason },
  ]);
  return { id, backend, label, state, capabilities: Object.fromEntries(shown) as Record<string, unknown> };
}

export function changesJson(changes: readonly Change[]) {
  return changes.map(({ path, kind }) => ({ path, kind }));
}
