import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Change } from '../core/change.ts';
import { diskFiles, type OpenFile } from './diskFiles.ts';
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

type JournalLine =
  | { readonly done: string }
  | { readonly made: string }
  | { readonly turned: true }
  | { readonly closed: true };

/**
 * The journal of the one restore that is under way: a line with the plan, on disk before the first path is touched, then a
 * line per finished path and per folder that is about to be made. Those lines are not synced: what has become of a file is
 * seen from the file itself, and the lines only add what cannot be seen.
 */
export class RestoreJournal {
  readonly header: JournalHeader;
  /** Paths that were finished on the way to the target. If they differ from it now, somebody has edited them since. */
  readonly done: ReadonlySet<string>;
  /** Folders that may be new and not have their permissions yet. */
  readonly made: ReadonlySet<string>;
  readonly #file: string;
  #handle: Promise<OpenFile> | undefined;

  private constructor(file: string, header: JournalHeader, lines: readonly JournalLine[]) {
    this.#file = file;
    this.header = header;
    const turned = lines.some((line) => 'turned' in line);
    this.done = new Set(turned ? [] : lines.flatMap((line) => ('done' in line ? [line.done] : [])));
    this.made = new Set(lines.flatMap((line) => ('made' in line ? [line.made] : [])));
  }

  static async begin(file: string, header: JournalHeader): Promise<RestoreJournal> {
    await writeFileAtomic(file, `${JSON.stringify(header)}\n`);
    return new RestoreJournal(file, header, []);
  }

  /** The journal of a restore that did not end; undefined when there is none. */
  static async find(file: string): Promise<RestoreJournal | undefined> {
    const [header, ...lines] = (await readJsonLines(file)) as [JournalHeader | undefined, ...JournalLine[]];
    const isOpen = header?.format === 1 && !lines.some((line) => 'closed' in line);
    return isOpen ? new RestoreJournal(file, header, lines) : undefined;
  }

  /** Notes that a path has become what it is at the target. */
  finished(path: string): Promise<void> {
    return this.#append({ done: path });
  }

  /** Notes that a folder is about to be made. */
  making(path: string): Promise<void> {
    return this.#append({ made: path });
  }

  /** Notes that the restore goes back to where it began: what was finished is so no longer. */
  turned(): Promise<void> {
    return this.#append({ turned: true });
  }

  /** Ends the restore. */
  async close(): Promise<void> {
    await this.#append({ closed: true });
    await this.letGo();
    await unlink(this.#file);
    await syncFolder(dirname(this.#file));
  }

  /** Lets go of the file without ending the restore. */
  async letGo(): Promise<void> {
    const handle = await this.#handle;
    await handle?.close();
    this.#handle = undefined;
  }

  /** A line that cannot be written, as on a full disk, is no reason to stop. */
  async #append(line: JournalLine): Promise<void> {
    this.#handle ??= diskFiles.open(Buffer.from(this.#file), 'a', 0o600);
    const handle = await this.#handle;
    await handle.appendFile(Buffer.from(`${JSON.stringify(line)}\n`)).catch(() => undefined);
  }
}
