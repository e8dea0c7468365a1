import type { ChangeKind, Entry } from './change.ts';

/** What one file was at one checkpoint, seen from the checkpoint before it. */
export interface FileVersion {
  readonly checkpoint: string;
  readonly kind: ChangeKind | 'unchanged';
  /** Absent when the file does not exist at that checkpoint. */
  readonly entry?: Entry;
}
