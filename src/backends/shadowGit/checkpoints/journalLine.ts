import { z } from 'zod';
import type { Change, ChangeCounts, ChangeKind, Entry, EntryType } from '../../../core/change.ts';
import type { SkippedPath, SkipReason } from '../../../core/coverage.ts';
import { type CheckpointMetadata, metadataSchema } from './checkpointCommit.ts';

/** A longer list of changes is left out of the journal and computed from the trees when somebody asks. */
export const LONGEST_LIST = 5000;

/** Path, what it was and what it is: `""` for nothing, else type, octal mode, content id and size, in one text. */
export type PackedChange = readonly [path: string, before: string, after: string];

/**
 * One checkpoint as the journal remembers it. All of it can be derived from the checkpoint's commit and the trees, and it
 * is true only as long as the checkpoint's ref names `commit` and the checkpoint before it has the tree `base`.
 */
export interface JournalLine {
  readonly format: 1;
  readonly commit: string;
  readonly root: string;
  /** Root tree of the checkpoint before it, empty for the first. */
  readonly base: string;
  readonly metadata: CheckpointMetadata;
  /** Absent when the trees could not be compared. */
  readonly counts?: ChangeCounts | undefined;
  readonly changes?: readonly PackedChange[] | undefined;
  readonly skipped: readonly SkippedPath[];
}

const lineSchema = z.object({
  format: z.literal(1),
  commit: z.string(),
  root: z.string(),
  base: z.string(),
  metadata: metadataSchema,
  counts: z.object({ added: z.number(), modified: z.number(), deleted: z.number() }).optional(),
  changes: z.array(z.tuple([z.string(), z.string(), z.string()])).optional(),
  skipped: z.array(
    z.object({
      path: z.string(),
      reason: z.custom<SkipReason>((value) => typeof value === 'string'),
      size: z.number().optional(),
    }),
  ),
});

export function encodeLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** All whole lines of a journal; what is torn or foreign is left out. */
export function decodeLines(text: string): JournalLine[] {
  return text.split('\n').flatMap((line) => {
    const decoded = line === '' ? undefined : decodeLine(line);
    return decoded === undefined ? [] : [decoded];
  });
}

function decodeLine(text: string): JournalLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text)) as JournalLine;
  } catch {
    return undefined;
  }
}

export function packChanges(changes: readonly Change[]): PackedChange[] {
  return changes.map((change) => [change.path, packEntry(change.before), packEntry(change.after)]);
}

export function unpackChange([path, packedBefore, packedAfter]: PackedChange): Change {
  const before = unpackEntry(packedBefore);
  const after = unpackEntry(packedAfter);
  return {
    path,
    kind: changeKind(before, after),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

export function changeKind(before: Entry | undefined, after: Entry | undefined): ChangeKind {
  if (before === undefined) {
    return 'added';
  }
  return after === undefined ? 'deleted' : 'modified';
}

const LETTERS: Readonly<Record<EntryType, string>> = { file: 'f', symlink: 'l', folder: 'd' };
const TYPES: Readonly<Record<string, EntryType>> = { f: 'file', l: 'symlink', d: 'folder' };

function packEntry(entry: Entry | undefined): string {
  if (entry === undefined) {
    return '';
  }
  const size = entry.size === undefined ? '' : ` ${entry.size}`;
  return `${LETTERS[entry.type]}${entry.mode.toString(8)} ${entry.content}${size}`;
}

export function unpackEntry(packed: string): Entry | undefined {
  const type = TYPES[packed.slice(0, 1)];
  if (type === undefined) {
    return undefined;
  }
  const [mode = '', content = '', size] = packed.slice(1).split(' ');
  return { type, mode: Number.parseInt(mode, 8), content, ...(size === undefined ? {} : { size: Number(size) }) };
}
