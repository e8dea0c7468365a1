import type { Change, ChangeCounts, ChangeKind, Entry } from '../core/change.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { coverageKind } from '../core/coverage.ts';
import type { RestoreReport } from '../core/restorePlan.ts';
import { printable } from './printable.ts';

/**
 * The words and shapes of answers. They are those of Capsem's snapshot tools where those have one, so that an agent that
 * knows them needs nothing new: three vocabularies for the kinds of a change, `checkpoint` for an id, ages as text.
 */
export const CHANGE_WORDS: Readonly<Record<ChangeKind, string>> = {
  added: 'created',
  modified: 'modified',
  deleted: 'deleted',
};

/** The kinds of a change where it is seen from the checkpoint before: in `snapshots_list` and `snapshots_history`. */
export const VERSION_WORDS: Readonly<Record<ChangeKind | 'unchanged', string>> = {
  ...CHANGE_WORDS,
  added: 'new',
  unchanged: 'unchanged',
};

const MINUTE = 60_000;

/** `just now`, `5 min ago`, `3 hr ago`, `2 days ago`; `unknown` without a time. */
export function age(checkpoint: Checkpoint, now: Date): string {
  if (checkpoint.createdAt === undefined) {
    return 'unknown';
  }
  const minutes = Math.floor((now.getTime() - Date.parse(checkpoint.createdAt)) / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) {
    return 'just now';
  }
  if (hours < 1) {
    return `${minutes} min ago`;
  }
  return hours < 48 ? `${hours} hr ago` : `${Math.floor(hours / 24)} days ago`;
}

export function checkpointFacts(checkpoint: Checkpoint, now: Date) {
  const { id, label, origin, createdAt, changes, pinned, coverage } = checkpoint;
  return {
    checkpoint: id,
    name: label,
    origin,
    age: age(checkpoint, now),
    created_at: createdAt ?? null,
    pinned,
    changes_summary: changes === undefined ? null : summary(changes),
    coverage: coverageKind(coverage),
  };
}

export function changeFacts(change: Change, words: Readonly<Record<ChangeKind, string>>) {
  const entry = change.after ?? change.before;
  return {
    path: change.path,
    op: words[change.kind],
    size: sizeOf(change.after),
    is_symlink: entry?.type === 'symlink',
  };
}

export function sizeOf(entry: Entry | undefined): number | null {
  return entry?.size ?? null;
}

function summary({ added, modified, deleted }: ChangeCounts) {
  return { created: added, edited: modified, deleted, total: added + modified + deleted };
}

/** `"before refactor" (4f2a…, 5 min ago)` */
export function named(checkpoint: Checkpoint, now: Date): string {
  return `${JSON.stringify(checkpoint.label)} (${checkpoint.id}, ${age(checkpoint, now)})`;
}

/** `created   src/a.ts` */
export function changeLine(change: Pick<Change, 'path' | 'kind'>): string {
  return `${CHANGE_WORDS[change.kind].padEnd(8)}  ${printable(change.path)}`;
}

/** `1 file`, `2 files` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function reportFacts(report: RestoreReport, safety: Checkpoint) {
  return {
    restored: report.restored,
    deleted: report.deleted,
    failed: report.failed,
    safety_checkpoint: safety.id,
  };
}
