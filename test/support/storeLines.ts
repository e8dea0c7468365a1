import type { CheckpointMetadata } from '../../src/backends/shadowGit/checkpoints/checkpointCommit.ts';
import type { JournalLine, PackedChange } from '../../src/backends/shadowGit/checkpoints/journalLine.ts';

/** Metadata of the checkpoint with this number; its id ends with the number. */
export function metadata(seq: number, said: Partial<CheckpointMetadata> = {}): CheckpointMetadata {
  return {
    format: 1,
    id: String(seq).padStart(16, '0'),
    seq,
    name: `cp-${seq}`,
    label: `cp-${seq}`,
    note: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    origin: 'manual',
    pinned: false,
    stateful: false,
    scope: ['workspace'],
    ...said,
  };
}

/** A journal line of that checkpoint with these changes; without them for undefined. */
export function journalLine(seq: number, changes: readonly PackedChange[] | undefined): JournalLine {
  return {
    format: 1,
    commit: `c${seq}`,
    root: `r${seq}`,
    base: seq === 1 ? '' : `r${seq - 1}`,
    metadata: metadata(seq),
    counts: { added: 0, modified: changes?.length ?? 0, deleted: 0 },
    changes,
    skipped: [],
  };
}
