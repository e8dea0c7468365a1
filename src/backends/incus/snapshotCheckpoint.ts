import type { Checkpoint, Scope } from '../../core/checkpoint.ts';
import { COMPLETE } from '../../core/coverage.ts';
import { normalizeLabel } from '../../core/label.ts';
import { sha256Hex } from '../../platform/hash.ts';
import type { WireInstance, WireSnapshot } from './incusWire.ts';
import { parseDescription, type SnapshotDescription } from './snapshotDescription.ts';

/** A snapshot with what we know about it. */
export interface Snapshot {
  readonly checkpoint: Checkpoint;
  readonly wire: WireSnapshot;
  readonly description: SnapshotDescription;
}

const ID_LENGTH = 16;

/** Stays over renames of the instance and restores. */
export function instanceIdentity(instance: Pick<WireInstance, 'config' | 'name' | 'project'>): string {
  return instance.config['volatile.uuid'] ?? `${instance.project}/${instance.name}`;
}

/** @param descriptions Of the snapshots' volumes, by name. */
export function toSnapshots(
  store: string,
  instance: WireInstance,
  descriptions: ReadonlyMap<string, string>,
): readonly Snapshot[] {
  return instance.snapshots
    .toSorted((a, b) => (sortableTime(a.created_at) < sortableTime(b.created_at) ? 1 : -1))
    .map((wire) => toSnapshot(store, instance, wire, descriptions.get(wire.name) ?? ''));
}

function toSnapshot(store: string, instance: WireInstance, wire: WireSnapshot, text: string): Snapshot {
  const description = parseDescription(text, wire.created_at);
  const { note, facts } = description;
  const time = new Date(wire.created_at);
  const checkpoint: Checkpoint = {
    // Names change and are used again; the time of creation, in nanoseconds, neither changes nor comes back.
    id: sha256Hex(`${instanceIdentity(instance)} ${wire.created_at}`).slice(0, ID_LENGTH),
    store,
    backend: 'incus',
    name: wire.name,
    label: facts.label ?? (normalizeLabel(wire.name) || wire.name),
    note,
    ...(Number.isNaN(time.getTime()) ? {} : { createdAt: time.toISOString() }),
    exactTime: true,
    origin: facts.origin ?? 'foreign',
    scope: scopeOf(wire),
    stateful: wire.stateful,
    pinned: facts.pinned ?? false,
    ...(facts.pairId === undefined ? {} : { pairId: facts.pairId }),
    coverage: COMPLETE,
  };
  return { checkpoint, wire, description };
}

/** A mounted folder is in no snapshot. A dependent volume (API extension of Incus 6.23) is taken along. */
function scopeOf(snapshot: WireSnapshot): readonly Scope[] {
  const dependent = Object.values(snapshot.expanded_devices).some((device) => device['dependent'] === 'true');
  return dependent ? ['workspace', 'sandbox'] : ['sandbox'];
}

/** Incus leaves out zeros at the end of a fraction: with the `Z` after it, `.5Z` would come after `.54Z`. */
function sortableTime(time: string): string {
  return time.replace(/Z$/, '');
}
