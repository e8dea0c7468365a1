import type { SkipReason } from '../../../core/coverage.ts';
import type { FileContent, PathStat, ReadOutcome, WorkspaceReader } from '../../../platform/workspaceReader.ts';
import type { ObjectWriter } from '../git/objectWriter.ts';

/** What a path is on disk, with its content added to the store. */
export type FreshPath =
  | {
      readonly kind: 'content';
      readonly mode: '100644' | '100755' | '120000';
      readonly id: string;
      readonly stat: PathStat;
    }
  /** Nothing, or a folder. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly size?: number };

const ABSENT: FreshPath = { kind: 'absent' };

const MOST_ATTEMPTS = 4;
/** Files above this size are never held in memory as a whole. */
const MOST_IN_MEMORY = 16 << 20;

/** Reads paths of a workspace whose folders may become symlinks, and whose files may change or vanish, at any moment. */
export class PathReader {
  readonly #reader: WorkspaceReader;
  readonly #writer: ObjectWriter;
  /** The folders that were looked at, by path: undefined is what is not a folder. */
  readonly #folders = new Map<string, Promise<PathStat | undefined>>();

  constructor(reader: WorkspaceReader, writer: ObjectWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** Every folder on the way to a path that was read, and what it is: undefined when it is no folder. */
  async seenFolders(): Promise<Map<string, PathStat | undefined>> {
    const seen = new Map<string, PathStat | undefined>();
    for (const [path, stat] of this.#folders) {
      seen.set(path, await stat.catch(() => undefined));
    }
    return seen;
  }

  /** What is at `path` when all on the way to it are real folders. */
  async folder(path: string): Promise<PathStat | undefined> {
    if (path === '') {
      return this.#folderStat('');
    }
    const parent = await this.folder(parentOf(path));
    return parent && this.#folderStat(path);
  }

  /** `isTooLarge` is asked for files, with their size. */
  async read(path: string, isTooLarge: (size: number) => boolean): Promise<FreshPath> {
    try {
      if ((await this.folder(parentOf(path))) === undefined) {
        return ABSENT;
      }
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        const fresh = await this.#readOnce(path, isTooLarge);
        if (fresh !== undefined) {
          return fresh;
        }
      }
      return { kind: 'skipped', reason: 'changedWhileRead' };
    } catch (error) {
      if (isDenied(error)) {
        return { kind: 'skipped', reason: 'unreadable' };
      }
      throw error;
    }
  }

  /** Undefined when the path changed meanwhile. */
  async #readOnce(path: string, isTooLarge: (size: number) => boolean): Promise<FreshPath | undefined> {
    const stat = await this.#reader.stat(path);
    if (stat === undefined) {
      return ABSENT;
    }
    switch (stat.kind) {
      case 'folder':
        return ABSENT;
      case 'symlink':
        return this.#content('120000', await this.#reader.readLink(path), (target) => this.#writer.add('blob', target));
      case 'file':
        return this.#readFile(path, stat, isTooLarge);
      default:
        return { kind: 'skipped', reason: stat.kind };
    }
  }

  async #readFile(path: string, stat: PathStat, isTooLarge: (size: number) => boolean): Promise<FreshPath | undefined> {
    const size = Number(stat.numbers.size);
    if (isTooLarge(size)) {
      return { kind: 'skipped', reason: 'tooLarge', size };
    }
    const mode = (stat.permissions & 0o100) === 0 ? '100644' : '100755';
    if (size > MOST_IN_MEMORY) {
      const outcome = await this.#reader.readFile(path, stat, (content) =>
        this.#writer.addLarge(size, content.chunks()),
      );
      return this.#content(mode, outcome, async (id) => id);
    }
    const outcome = await this.#reader.readFile(path, stat, (content: FileContent) => content.bytes());
    return this.#content(mode, outcome, (bytes) => this.#writer.add('blob', bytes));
  }

  async #content<T>(
    mode: '100644' | '100755' | '120000',
    outcome: ReadOutcome<T>,
    store: (value: T) => Promise<string | undefined>,
  ): Promise<FreshPath | undefined> {
    switch (outcome.outcome) {
      case 'read': {
        const id = await store(outcome.value);
        return id === undefined ? undefined : { kind: 'content', mode, id, stat: outcome.stat };
      }
      case 'changed':
        return undefined;
      case 'missing':
        return ABSENT;
      case 'unreadable':
        return { kind: 'skipped', reason: 'unreadable' };
    }
  }

  #folderStat(path: string): Promise<PathStat | undefined> {
    const known = this.#folders.get(path);
    if (known !== undefined) {
      return known;
    }
    const stat = this.#reader.stat(path).then((found) => (found?.kind === 'folder' ? found : undefined));
    stat.catch(() => undefined);
    this.#folders.set(path, stat);
    return stat;
  }
}

/** The folder that a path is in; empty for the workspace folder itself. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EIO'].includes(String(error.code));
}
