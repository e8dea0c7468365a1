import { basename, dirname, parse } from 'node:path';
import { CheckpointError } from '../../core/error.ts';
import { homeFolder } from '../../platform/homeFolder.ts';
import { isTemporaryName } from '../../platform/temporaryName.ts';

const SYSTEM_FOLDERS = new Set(
  [
    ...['bin', 'boot', 'cores', 'dev', 'etc', 'home', 'lib', 'lib32', 'lib64', 'libx32', 'lost+found', 'media', 'mnt'],
    ...['opt', 'private', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp', 'usr', 'var'],
    ...['Applications', 'Library', 'System', 'Users', 'Volumes', 'Windows', 'Program Files', 'Program Files (x86)'],
  ].map((name) => name.toLowerCase()),
);

/** Refuses folders that hold a whole system or a whole home, of which a checkpoint would take hours and the disk. */
export function refuseHugeFolders(workspace: string, home = homeFolder()): void {
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
