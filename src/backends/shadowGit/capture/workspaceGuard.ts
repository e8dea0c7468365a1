import { basename, dirname, parse, relative, sep } from 'node:path';
import { CheckpointError } from '../../../core/error.ts';
import { realHomeFolder } from '../../../platform/homeFolder.ts';
import { isTemporaryName } from '../../../platform/temporaryName.ts';

const SYSTEM_FOLDERS = new Set(
  [
    ...['bin', 'boot', 'cores', 'dev', 'etc', 'home', 'lib', 'lib32', 'lib64', 'libx32', 'lost+found', 'media', 'mnt'],
    ...['opt', 'private', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp', 'usr', 'var'],
    ...['Applications', 'Library', 'System', 'Users', 'Volumes', 'Windows', 'Program Files', 'Program Files (x86)'],
  ].map((name) => name.toLowerCase()),
);

/** Throws `unsupported` for a folder that no checkpoint should be made of. All paths are real ones. */
export async function refuseUnfitFolder(workspace: string, dataFolder: string): Promise<void> {
  refuseHugeFolders(workspace, await realHomeFolder());
  refuseOwnData(workspace, dirname(dataFolder));
}

/** Refuses folders that hold a whole system or a whole home, of which a checkpoint would take hours and the disk. */
export function refuseHugeFolders(workspace: string, home: string): void {
  const isRoot = dirname(workspace) === workspace;
  const isSystemFolder =
    dirname(workspace) === parse(workspace).root && SYSTEM_FOLDERS.has(basename(workspace).toLowerCase());
  const holdsHome = home === workspace || home.startsWith(`${workspace}/`) || home.startsWith(`${workspace}\\`);
  if (isRoot || isSystemFolder || holdsHome) {
    throw new CheckpointError(
      'unsupported',
      `"${workspace}" is too much for checkpoints: it holds more than a project.`,
      {
        hint: 'Open the folder of one project instead.',
        details: { folder: workspace },
      },
    );
  }
}

const DATA_FOLDER_NAME = /^[0-9a-f]{32}$/;

/** A restore of the stores' own files would destroy what it restores from. */
function refuseOwnData(workspace: string, dataRoot: string): void {
  const [inRoot = ''] = relative(dataRoot, workspace).split(sep);
  if (inRoot === '' || DATA_FOLDER_NAME.test(inRoot)) {
    throw new CheckpointError(
      'unsupported',
      `"${workspace}" is where checkpoints are kept, so it cannot have any itself.`,
      {
        details: { folder: workspace },
      },
    );
  }
}

/** Which paths are never captured: our own data and temporary files, and what belongs to a repository's machinery. */
export function ownPaths(workspace: string, dataFolder: string): (path: string) => boolean {
  const root = dirname(dataFolder);
  const own = root.startsWith(`${workspace}/`) ? root.slice(workspace.length + 1) : undefined;
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      name === '.git' || isTemporaryName(name) || (own !== undefined && (path === own || path.startsWith(`${own}/`)))
    );
  };
}
