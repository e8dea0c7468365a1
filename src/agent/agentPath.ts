import { CheckpointError } from '../core/error.ts';

/**
 * A path as agents write it (relative to the folder, or absolute and inside it) as a path of the product.
 * @throws CheckpointError `usage` for a path that leads elsewhere.
 */
export function agentPath(text: string, folder: string): string {
  const isWindows = /^[A-Za-z]:[\\/]|^\\\\/.test(folder);
  const unify = (path: string): string => (isWindows ? path.replaceAll('\\', '/') : path);
  const root = unify(folder).replace(/\/+$/, '');
  const path = unify(text);
  const inside = path === root || path.startsWith(`${root}/`);
  if (!inside && (path.startsWith('/') || (isWindows && /^[A-Za-z]:/.test(path)))) {
    throw outside(text, folder);
  }
  const segments = (inside ? path.slice(root.length) : path).split('/').filter((part) => part !== '' && part !== '.');
  if (segments.includes('..') || text.includes('\0')) {
    throw outside(text, folder);
  }
  if (segments.length === 0) {
    throw new CheckpointError('usage', `"${text}" is the whole folder.`, {
      hint: 'Name a file, or leave the paths out to mean everything.',
    });
  }
  return segments.join('/');
}

function outside(text: string, folder: string): CheckpointError {
  return new CheckpointError('usage', `"${text}" is not a path inside ${folder}.`, {
    hint: 'Use a path relative to that folder, without "..".',
  });
}
