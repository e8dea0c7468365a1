import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CheckpointError } from '../core/error.ts';
import { writeFileAtomic } from './atomicFile.ts';
import { pathToBytes } from './pathBytes.ts';

/**
 * Where all data of the product lives on this machine: one folder that all windows and the command line share.
 * @throws CheckpointError `usage` when the override is not an absolute path: it would mean another place in each folder.
 */
export function dataRoot(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const override = env['SNAPSHOT_TIMELINE_HOME'];
  if (override) {
    if (!isAbsolute(override)) {
      throw new CheckpointError('usage', `SNAPSHOT_TIMELINE_HOME is "${override}", which is not an absolute path.`);
    }
    return override;
  }
  return join(platformDataFolder(env), 'snapshot-timeline');
}

function platformDataFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') {
    return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  }
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support');
  }
  const configured = env['XDG_DATA_HOME'] ?? '';
  return isAbsolute(configured) ? configured : join(homedir(), '.local', 'share');
}

/** What a data folder says about itself: enough to find the checkpoints of a folder that was moved. */
export interface WorkspaceRecord {
  readonly format: 1;
  /** Real path of the workspace folder. */
  readonly path: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

export interface WorkspaceData {
  /** The workspace folder with all symlinks resolved. */
  readonly workspace: string;
  /** Its data folder, with all symlinks resolved: mode 0700, may be new and empty but for `workspace.json`. */
  readonly dataFolder: string;
}

const KEY_LENGTH = 32;

/** Name of a workspace's data folder: the first 32 hex digits of SHA-256 over its real path. */
export function workspaceKey(realPath: string): string {
  return createHash('sha256').update(pathToBytes(realPath)).digest('hex').slice(0, KEY_LENGTH);
}

/**
 * The data folder of a workspace folder, made when there is none.
 * @throws CheckpointError `notFound` when `folder` is not a folder.
 */
export async function openDataFolder(folder: string, root: string, now: Date): Promise<WorkspaceData> {
  const workspace = await realFolder(folder);
  const place = join(root, workspaceKey(workspace));
  await mkdir(place, { recursive: true, mode: 0o700 });
  const dataFolder = await realpath(place);
  const record: WorkspaceRecord = { format: 1, path: workspace, createdAt: now.toISOString() };
  await writeOnce(join(dataFolder, 'workspace.json'), `${JSON.stringify(record)}\n`);
  return { workspace, dataFolder };
}

async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if ((await lstat(real)).isDirectory()) {
      return real;
    }
  } catch (error) {
    throw new CheckpointError('notFound', `The folder "${folder}" does not exist.`, {
      hint: 'Give the path of a folder that is there.',
      cause: error,
    });
  }
  throw new CheckpointError('notFound', `"${folder}" is not a folder.`);
}

async function writeOnce(file: string, content: string): Promise<void> {
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present !== '') {
    return;
  }
  await writeFileAtomic(file, content);
}
