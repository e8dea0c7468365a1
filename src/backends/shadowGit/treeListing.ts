import { CheckpointError } from '../../core/error.ts';
import { pathFromBytes } from '../../platform/pathBytes.ts';
import type { ShadowRepository } from './shadowRepository.ts';

export interface ListedFile {
  readonly mode: number;
  readonly id: string;
  /** Bytes; 0 for a link to another repository's commit. */
  readonly size: number;
}

/**
 * Every file of a tree by its path, links to other repositories' commits included.
 * @throws CheckpointError `corrupt` when any tree or blob of it is missing.
 */
export async function listTree(
  repository: ShadowRepository,
  tree: string,
  signal?: AbortSignal,
): Promise<Map<string, ListedFile>> {
  const args = ['ls-tree', '-r', '-l', '-z', tree];
  const { stdout } = await repository.git(args, signal === undefined ? {} : { signal });
  const files = new Map<string, ListedFile>();
  for (let at = 0, end = stdout.indexOf(0); end !== -1; end = stdout.indexOf(0, at)) {
    const tab = stdout.indexOf(0x09, at);
    const [mode = '', type, id = '', size = ''] = stdout.toString('latin1', at, tab).split(/ +/);
    if (type === 'blob' && !/^\d+$/.test(size)) {
      throw new CheckpointError('corrupt', `The object ${id} is missing.`, { details: { object: id } });
    }
    const path = pathFromBytes(stdout.subarray(tab + 1, end));
    files.set(path, { mode: Number.parseInt(mode, 8), id, size: type === 'blob' ? Number(size) : 0 });
    at = end + 1;
  }
  return files;
}
