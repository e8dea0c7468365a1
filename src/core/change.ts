/** What happened to a path between two states. A change of mode or type alone is `modified`. */
export type ChangeKind = 'added' | 'modified' | 'deleted';

export type EntryType = 'file' | 'symlink' | 'folder';

/** What one path is in one state. */
export interface Entry {
  readonly type: EntryType;
  /** Permission bits (0 to 0o7777). For a symlink always 0o777. */
  readonly mode: number;
  /**
   * Opaque identity of the content (file bytes, or the target of a symlink): equal exactly when the bytes are equal, and
   * comparable only within one store. Empty for a folder.
   */
  readonly content: string;
  /** Bytes, where the store knows them without reading the content. */
  readonly size?: number;
}

/**
 * One changed path. `before` is absent for `added`, `after` for `deleted`. A folder is listed only where it is empty in the
 * state that has it, or where its permission bits are what changed.
 *
 * Paths use `/`, are relative to the workspace folder, and carry bytes that are not UTF-8 as the lone surrogates
 * U+DC80 to U+DCFF (one per byte), so that every name a file system can hold makes the round trip through text and JSON.
 */
export interface Change {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly before?: Entry;
  readonly after?: Entry;
}

export interface ChangeCounts {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** Lines added and removed in one text file; a binary file has none. */
export interface LineCounts {
  readonly insertions: number;
  readonly deletions: number;
}

export function countChanges(changes: Iterable<Pick<Change, 'kind'>>): ChangeCounts {
  const counts = { added: 0, modified: 0, deleted: 0 };
  for (const change of changes) {
    counts[change.kind] += 1;
  }
  return counts;
}

/** Whether two entries are the same in type, permission bits and content. */
export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) {
    return a === b;
  }
  return a.type === b.type && a.mode === b.mode && a.content === b.content;
}
