import { join } from 'node:path';
import { writeFileAtomic } from '../../../platform/atomicFile.ts';
import { appendLines, factsOf, readTextIfThere } from '../../../platform/dataFiles.ts';
import { decodeLines, encodeLine, type JournalLine } from './journalLine.ts';

/** Lines that nothing needs any more are dropped once there are this many of them. */
const MOST_STALE = 500;
/** What all change lists together may hold; those of older checkpoints give way, and are then read from the trees. */
const MOST_CHANGES = 200_000;

/**
 * `journal.jsonl`: what would otherwise be read from commits and trees, one line per checkpoint, the last one for a commit
 * counts. Only a cache: it may be deleted, cut or outdated at any time. Writers hold the store's lock.
 */
export class CheckpointJournal {
  readonly file: string;
  /** The whole lines that were read last: mostly, others are only added to them. */
  #read: { readonly text: string; readonly lines: readonly JournalLine[] } = { text: '', lines: [] };

  constructor(dataFolder: string) {
    this.file = join(dataFolder, 'journal.jsonl');
  }

  /** Commit id → its line. */
  async read(): Promise<{ lines: Map<string, JournalLine>; stale: number }> {
    const text = (await readTextIfThere(this.file)) ?? '';
    const known = text.startsWith(this.#read.text) ? this.#read : { text: '', lines: [] };
    const end = text.lastIndexOf('\n') + 1;
    this.#read = {
      text: text.slice(0, end),
      lines: [...known.lines, ...decodeLines(text.slice(known.text.length, end))],
    };
    const all = [...this.#read.lines, ...decodeLines(text.slice(end))];
    const lines = new Map(all.map((line) => [line.commit, line]));
    return { lines, stale: all.length - lines.size };
  }

  async stamp(): Promise<{ readonly text: string; readonly latestMs: number }> {
    const facts = await factsOf(this.file);
    return { text: [facts?.inode, facts?.size, facts?.modifiedMs].join(' '), latestMs: facts?.modifiedMs ?? 0 };
  }

  async append(lines: readonly JournalLine[]): Promise<void> {
    if (lines.length > 0) {
      await appendLines(this.file, lines.map(encodeLine).join(''));
    }
  }

  /** Writes the journal anew with these lines, oldest first. */
  async rewrite(lines: readonly JournalLine[]): Promise<void> {
    await writeFileAtomic(this.file, withinBudget(lines).map(encodeLine).join(''));
  }
}

/** Whether a journal with these live lines and so many others is worth writing anew. */
export function journalIsWasteful(live: readonly JournalLine[], others: number, mostChanges = MOST_CHANGES): boolean {
  return others > MOST_STALE || countListed(live) > mostChanges * 1.25;
}

/** Leaves change lists out, from the oldest on, until what is left fits. */
export function withinBudget(lines: readonly JournalLine[], mostChanges = MOST_CHANGES): JournalLine[] {
  let left = mostChanges;
  const kept = lines.toReversed().map((line) => {
    left -= line.changes?.length ?? 0;
    return left >= 0 ? line : { ...line, changes: undefined };
  });
  return kept.toReversed();
}

function countListed(lines: readonly JournalLine[]): number {
  return lines.reduce((sum, line) => sum + (line.changes?.length ?? 0), 0);
}
