import type { SkippedPath } from '../../../core/coverage.ts';
import { throwIfCancelled } from '../../../core/error.ts';
import { forEachLimited } from '../../../platform/concurrency.ts';
import type { FolderItem, WorkspaceReader } from '../../../platform/workspaceReader.ts';

/** What was found below some folders: everything but what is ignored and what `leaveOut` names. */
export interface Found {
  /** Files and symlinks. */
  readonly files: string[];
  /** All folders, those that were walked included. */
  readonly folders: string[];
  /** Sockets, pipes, devices, and folders that could not be read. */
  readonly skipped: SkippedPath[];
}

export interface WalkOptions {
  readonly reader: WorkspaceReader;
  /** Which of these paths the ignore rules leave out. */
  readonly ignored: (paths: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Paths that are never captured. */
  readonly leaveOut: (path: string) => boolean;
  readonly signal: AbortSignal | undefined;
}

const FOLDERS_AT_ONCE = 16;

/**
 * Lists folders that git does not list by itself: untracked ones and nested repositories, level by level, never through a
 * symlink and never into what is ignored.
 */
export async function walkFolders(folders: readonly string[], options: WalkOptions): Promise<Found> {
  const found: Found = { files: [], folders: [], skipped: [] };
  for (let level = folders; level.length > 0;) {
    throwIfCancelled(options.signal);
    level = await walkLevel(level, options, found);
  }
  return found;
}

/** Adds what is directly in these folders and returns the folders among it. */
async function walkLevel(level: readonly string[], options: WalkOptions, found: Found): Promise<string[]> {
  const items: FolderItem[] = [];
  await forEachLimited(level, FOLDERS_AT_ONCE, async (folder) => {
    const listed = await options.reader.list(folder);
    if (listed === 'missing') {
      return;
    }
    if (listed === 'unreadable') {
      found.skipped.push({ path: folder, reason: 'unreadable' });
      return;
    }
    if (folder !== '') {
      found.folders.push(folder);
    }
    for (const { name, kind } of listed) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!options.leaveOut(path)) {
        items.push({ name: path, kind });
      }
    }
  });
  const ignored = await options.ignored(items.map(({ name }) => name));
  return sort(
    items.filter(({ name }) => !ignored.has(name)),
    found,
  );
}

function sort(items: readonly FolderItem[], found: Found): string[] {
  const folders: string[] = [];
  for (const { name: path, kind } of items) {
    if (kind === 'folder') {
      folders.push(path);
    } else if (kind === 'file' || kind === 'symlink') {
      found.files.push(path);
    } else {
      found.skipped.push({ path, reason: kind });
    }
  }
  return folders;
}
