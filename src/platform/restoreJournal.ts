import { open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Change } from '../core/change.ts';
import { readJsonLines, syncFolder, writeFileAtomic } from './atomicFile.ts';

/** What a restore set out to do: the first line of its journal. */
export interface JournalHeader {
  readonly format: 1;
  /** 16 hexadecimal digits: part of the names of its temporary files. */
  readonly id: string;
  readonly target: string;
  readonly now: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly steps: readonly Change[];
}

type JournalLine = { readonly done: string } | { readonly closed: true };

/**
 * The journal of the one restore that is under way: a line with the plan, on disk before the first path is touched, then a
 * line per finished path. Those lines are not synced: what a path's state is after a kill is seen from the path itself, and
 * the lines only tell which paths a person may have edited since.
 */
export class RestoreJournal {
  readonly header: JournalHeader;
  readonly done: ReadonlySet<string>;
  readonly #file: string;
  #handle: FileHandle | undefined;

  private constructor(file: string, header: JournalHeader, done: ReadonlySet<string>) {
    this.#file = file;
    this.header = header;
    this.done = done;
  }

  static async begin(file: string, header: JournalHeader): Promise<RestoreJournal> {
    await writeFileAtomic(file, `${JSON.stringify(header)}\n`);
    return new RestoreJournal(file, header, new Set());
  }

  /** The journal of a restore that did not end; undefined when there is none. */
  static async find(file: string): Promise<RestoreJournal | undefined> {
    const [header, ...lines] = (await readJsonLines(file)) as [JournalHeader | undefined, ...JournalLine[]];
    if (header === undefined || lines.some((line) => 'closed' in line)) {
      return undefined;
    }
    return new RestoreJournal(file, header, new Set(lines.flatMap((line) => ('done' in line ? [line.done] : []))));
  }

  /** A line that cannot be written (a full disk) is no reason to stop: see above. */
  async note(path: string): Promise<void> {
    await this.#append({ done: path }).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#append({ closed: true }).catch(() => undefined);
    await this.#handle?.close();
    await unlink(this.#file);
    await syncFolder(dirname(this.#file));
  }

  /** Lets go of the file without ending the restore. */
  async suspend(): Promise<void> {
    await this.#handle?.close();
  }

  async #append(line: JournalLine): Promise<void> {
    this.#handle ??= await open(this.#file, 'a', 0o600);
    await this.#handle.appendFile(`${JSON.stringify(line)}\n`);
  }
}
