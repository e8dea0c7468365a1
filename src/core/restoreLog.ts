/** One restore or revert that was done, with what is needed to take it back and to do it again. */
export interface RestoreRecord {
  readonly id: string;
  readonly kind: 'restore' | 'revert';
  /** Store and checkpoint that was gone back to. */
  readonly store: string;
  readonly target: string;
  readonly targetLabel: string;
  /** Checkpoint with the state before. Undo returns `paths` to it. */
  readonly safety: string;
  /** The paths that were touched. */
  readonly paths: readonly string[];
  readonly doneAt: string;
  /** Set while the record is undone: the checkpoint with the state before the undo. Redo returns `paths` to it. */
  readonly undoneFrom?: string;
}

/** The restores of one workspace folder, oldest first. Undone ones are at the end; a new restore drops them. */
export interface RestoreLog {
  read(): Promise<readonly RestoreRecord[]>;
  /** Replaces the records by what `change` makes of them, as one step that no other process can come between. */
  update(change: (records: readonly RestoreRecord[]) => readonly RestoreRecord[]): Promise<void>;
}

/** How many restores can be taken back. The safety checkpoints of older ones stay in the list. */
const LONGEST_LOG = 100;
/** Of all records together: the log is read and written as a whole, by each restore. */
const MOST_PATHS = 200_000;

/** The records with a new one: undone ones go, and the oldest where it gets too much. */
export function withRecord(records: readonly RestoreRecord[], record: RestoreRecord): readonly RestoreRecord[] {
  const done = [...records.filter(({ undoneFrom }) => undoneFrom === undefined), record].slice(-LONGEST_LOG);
  let count = 0;
  const firstTooMuch = done
    .slice(0, -1)
    .findLastIndex(({ paths }) => (count += paths.length) > MOST_PATHS - record.paths.length);
  return done.slice(firstTooMuch + 1);
}

/** The record that undo takes back next, and the one that redo does again next. */
export function undoState(records: readonly RestoreRecord[]): {
  readonly undo: RestoreRecord | undefined;
  readonly redo: RestoreRecord | undefined;
} {
  const firstUndone = records.findIndex((record) => record.undoneFrom !== undefined);
  const done = firstUndone === -1 ? records.length : firstUndone;
  return { undo: records[done - 1], redo: records[done] };
}

/**
 * The records after an interrupted step was rolled back, as they were before it: it was written down before it began.
 * `target` and `now` are the two ends of that step.
 */
export function withoutLastStep(
  records: readonly RestoreRecord[],
  step: { readonly target: string; readonly now: string },
): readonly RestoreRecord[] {
  const { undo: done, redo: undone } = undoState(records);
  if (undone?.undoneFrom === step.now) {
    const { undoneFrom: _, ...record } = undone;
    return replaceRecord(records, record);
  }
  if (done?.safety === step.now && done.target === step.target) {
    return records.filter((record) => record !== done);
  }
  // A redo starts from a state that no record names, and goes to the one that the record named until then.
  return done === undefined ? records : replaceRecord(records, { ...done, undoneFrom: step.target });
}

/** The records with the one of the same id replaced. */
export function replaceRecord(records: readonly RestoreRecord[], changed: RestoreRecord): readonly RestoreRecord[] {
  return records.map((record) => (record.id === changed.id ? changed : record));
}
