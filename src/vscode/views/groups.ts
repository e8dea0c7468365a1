import { turnOfNote } from '../../core/agentTurn.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { dayKey } from '../format.ts';

/** `automatic` ones fold away; the others of a day stay in sight. */
export type GroupKind = 'session' | 'day' | 'automatic';

export interface Group {
  readonly kind: GroupKind;
  /** Unique among the groups of its kind in one store. */
  readonly key: string;
  /** Newest first. */
  readonly members: readonly Checkpoint[];
}

export interface Grouping {
  /** Whether days are shown at all. */
  readonly byDay: boolean;
  /** Whether the turns of an agent's session are together. */
  readonly bySession: boolean;
}

/** Places within a day. */
const ORDER: readonly GroupKind[] = ['session', 'day', 'automatic'];

/** The group that a checkpoint is shown in; undefined for one that is shown by itself. */
export function groupOf(checkpoint: Checkpoint, { byDay, bySession }: Grouping): Omit<Group, 'members'> | undefined {
  const { origin, note, pinned, createdAt } = checkpoint;
  const turn = bySession && origin === 'agent' ? turnOfNote(note) : undefined;
  const day = byDay ? dayKey(createdAt) : '';
  if (turn !== undefined) {
    return { kind: 'session', key: `${turn.agent} ${turn.session}` };
  }
  if (origin === 'auto' && !pinned) {
    return { kind: 'automatic', key: day };
  }
  return byDay ? { kind: 'day', key: day } : undefined;
}

/** All groups of a store, those with the newest day first; a session stands at the day of its last turn. */
export function groupsOf(checkpoints: readonly Checkpoint[], grouping: Grouping): readonly Group[] {
  const groups = new Map<string, { kind: GroupKind; key: string; members: Checkpoint[] }>();
  for (const checkpoint of checkpoints) {
    const group = groupOf(checkpoint, grouping);
    if (group !== undefined) {
      const id = `${group.kind} ${group.key}`;
      const known = groups.get(id) ?? { ...group, members: [] };
      known.members.push(checkpoint);
      groups.set(id, known);
    }
  }
  const days = [...new Set(checkpoints.map(({ createdAt }) => dayKey(createdAt)))];
  const place = ({ kind, members }: Group): number =>
    days.indexOf(dayKey(members[0]?.createdAt)) * ORDER.length + ORDER.indexOf(kind);
  return [...groups.values()].toSorted((a, b) => place(a) - place(b));
}
