import { constants, existsSync } from 'node:fs';
import { CheckpointError, isCheckpointError } from '../core/error.ts';
import { errorCode } from './atomicFile.ts';
import type { FileOperations, OpenFile } from './diskFiles.ts';
import { pathToBytes } from './pathBytes.ts';

/** A folder of the workspace that was reached without following any symlink. */
export interface OpenFolder {
  /** The place of a name in it, for file functions that do not follow a symlink at the end. */
  child(name: string): Buffer;
  readonly handle: OpenFile;
  close(): Promise<void>;
}

/** Where one cannot ask for that, another look comes first. */
const OPENS_FOLDERS_ONLY = constants.O_DIRECTORY !== undefined && constants.O_NOFOLLOW !== undefined;
const FOLDER_FLAGS = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Where a name below an open folder can be given as a path: nothing that happens to its parents can redirect it. */
const DESCRIPTORS = process.platform === 'linux' && existsSync('/proc/self/fd') ? '/proc/self/fd' : undefined;

/**
 * Opens a folder below `root`, component by component.
 * @throws CheckpointError `conflict` when a component is a symlink or no folder, `notFound` when one is missing.
 */
async function openFolder(files: FileOperations, root: string, path: string): Promise<OpenFolder> {
  let current = await openRoot(files, root);
  for (const name of path === '' ? [] : path.split('/')) {
    const parent = current;
    try {
      current = await openChild(files, parent, name);
    } finally {
      await parent.close();
    }
  }
  return current;
}

/** Runs `action` in an open folder, which is closed afterwards. */
export async function inFolder<T>(
  files: FileOperations,
  root: string,
  path: string,
  action: (folder: OpenFolder) => Promise<T>,
): Promise<T> {
  const folder = await openFolder(files, root, path);
  try {
    return await action(folder);
  } finally {
    await folder.close();
  }
}

/** Opens a folder that is directly in `parent`. Throws like {@link openFolder}. */
export async function openChild(files: FileOperations, parent: OpenFolder, name: string): Promise<OpenFolder> {
  const place = parent.child(name);
  try {
    if (!OPENS_FOLDERS_ONLY && !(await files.lstat(place)).isDirectory()) {
      throw notAFolder(name);
    }
    return openedFolder(await files.open(place, FOLDER_FLAGS), place);
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
        throw new CheckpointError('notFound', `The folder "${name}" does not exist.`, { cause: error });
      case 'ENOTDIR':
      case 'ELOOP':
        throw notAFolder(name);
      default:
        throw error;
    }
  }
}

async function openRoot(files: FileOperations, root: string): Promise<OpenFolder> {
  const place = pathToBytes(root);
  return openedFolder(await files.open(place, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0)), place);
}

function openedFolder(handle: OpenFile, place: Buffer): OpenFolder {
  const base = DESCRIPTORS === undefined ? place : Buffer.from(`${DESCRIPTORS}/${handle.fd}`);
  return {
    handle,
    child: (name) => Buffer.concat([base, Buffer.from('/'), pathToBytes(name)]),
    close: () => handle.close(),
  };
}

function notAFolder(name: string): CheckpointError {
  return new CheckpointError('conflict', `"${name}" on the way to it is a symbolic link or a file, not a folder.`, {
    details: { blockedBy: name },
  });
}

/** Whether a folder could not be opened because it, or one on the way to it, is none. */
export function isBlockedWay(error: unknown): boolean {
  return isCheckpointError(error, 'conflict') && 'blockedBy' in error.details;
}
