import { type Entry, sameEntry } from '../../../core/change.ts';
import type { FileVersion } from '../../../core/fileHistory.ts';
import { changeKind, type JournalLine, unpackEntry } from './journalLine.ts';

/**
 * The versions of one file or link, newest first: one per checkpoint, or none when no checkpoint ever held it. Entries
 * come from the change lists; `lookUp` is asked only about checkpoints without one, and those that it cannot read are left out.
 */
export async function fileHistory(
  checkpoints: readonly JournalLine[],
  path: string,
  lookUp: (line: JournalLine) => Promise<Entry | 'unreadable' | undefined>,
): Promise<FileVersion[]> {
  const versions: FileVersion[] = [];
  let current: Entry | undefined;
  let everThere = false;
  for (const line of checkpoints) {
    const before = current;
    const found = await entryIn(line, path, before, lookUp);
    if (found === 'unreadable') {
      continue;
    }
    current = found?.type === 'folder' ? undefined : found;
    everThere ||= current !== undefined;
    versions.push({
      checkpoint: line.metadata.id,
      kind: sameEntry(before, current) ? 'unchanged' : changeKind(before, current),
      ...(current === undefined ? {} : { entry: current }),
    });
  }
  return everThere ? versions.toReversed() : [];
}

async function entryIn(
  line: JournalLine,
  path: string,
  before: Entry | undefined,
  lookUp: (line: JournalLine) => Promise<Entry | 'unreadable' | undefined>,
): Promise<Entry | 'unreadable' | undefined> {
  if (line.changes === undefined) {
    return lookUp(line);
  }
  const change = line.changes.find(([changed]) => changed === path);
  return change === undefined ? before : unpackEntry(change[2]);
}
