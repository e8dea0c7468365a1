import { CheckpointError } from '../core/error.ts';

/**
 * A path as stores have it: `./x/` is `x`, and the workspace folder itself is the empty path.
 * @throws CheckpointError `usage` for a path that is absolute, holds NUL, or leads out of the folder.
 */
export function workspacePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path === '' || path.startsWith('/') || path.includes('\0') || parts.includes('..')) {
    throw new CheckpointError('usage', `${JSON.stringify(path)} is not a path inside the workspace folder.`, {
      hint: 'Give a path relative to the workspace folder.',
      details: { path },
    });
  }
  return parts.join('/');
}
