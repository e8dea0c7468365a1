import { link, mkdir, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, syncFolder } from './atomicFile.ts';
import { forEachLimited } from './concurrency.ts';

const LINKS_AT_ONCE = 16;
/** Other file system, no right to link, too many links, no hard links at all. */
const IMPOSSIBLE = new Set(['EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Files that were linked or made, so that they can be taken away again. */
export class FileLinks {
  readonly #made: string[] = [];
  readonly #folders = new Set<string>();

  /**
   * Links files of one folder into another under the same names, in order when `limit` is 1. False when this file system
   * cannot do it; a file that vanished meanwhile is left out, one that is there already stays.
   */
  async link(from: string, to: string, names: readonly string[], limit = LINKS_AT_ONCE): Promise<boolean> {
    await mkdir(to, { recursive: true, mode: 0o700 });
    this.#folders.add(to);
    let possible = true;
    await forEachLimited(names, limit, async (name) => {
      try {
        await link(join(from, name), join(to, name));
        this.#made.push(join(to, name));
      } catch (error) {
        const code = errorCode(error) ?? '';
        if (IMPOSSIBLE.has(code)) {
          possible = false;
        } else if (code !== 'EEXIST' && code !== 'ENOENT') {
          throw error;
        }
      }
    });
    return possible;
  }

  async writeMark(path: string): Promise<void> {
    await writeFile(path, '', { mode: 0o600 });
    this.#made.push(path);
  }

  /** Makes the new names survive a power cut. */
  async sync(): Promise<void> {
    await forEachLimited(this.#folders, LINKS_AT_ONCE, syncFolder);
  }

  async undo(): Promise<void> {
    await forEachLimited(this.#made.splice(0), LINKS_AT_ONCE, (path) => unlink(path).catch(() => undefined));
  }
}

/** Names in a folder; none when it is missing. */
export async function listNames(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
