import { CheckpointError } from '../../../core/error.ts';
import type { ShadowRepository } from './shadowRepository.ts';

export interface ListedFile {
  /** The path as bytes. */
  readonly name: Buffer;
  readonly mode: number;
  readonly id: string;
  /** Bytes; 0 for a link to another repository's commit. */
  readonly size: number;
}

/**
 * Every file of a tree in the order of an index, links to other repositories' commits included.
 * @throws CheckpointError `corrupt` when any tree or blob of it is missing, or the tree is not sorted.
 */
export async function listTree(
  repository: ShadowRepository,
  tree: string,
  signal?: AbortSignal,
): Promise<readonly ListedFile[]> {
  const args = ['ls-tree', '-r', '-l', '-z', tree];
  const { stdout } = await repository.git(args, signal === undefined ? {} : { signal });
  const files: ListedFile[] = [];
  let previous: Buffer = Buffer.alloc(0);
  for (let at = 0, end = stdout.indexOf(0); end !== -1; end = stdout.indexOf(0, at)) {
    const file = listedFile(stdout, at, end);
    if (Number.isNaN(file.size) || Buffer.compare(previous, file.name) >= 0) {
      throw new CheckpointError('corrupt', `The tree ${tree} is damaged.`, { details: { object: file.id } });
    }
    files.push(file);
    previous = file.name;
    at = end + 1;
  }
  return files;
}

/** How many files and symlinks a tree holds. Throws `commandFailed` when a tree of it is missing. */
export async function countFiles(repository: ShadowRepository, tree: string): Promise<number> {
  const { stdout } = await repository.git(['ls-tree', '-r', '-z', '--name-only', tree]);
  let count = 0;
  for (let end = stdout.indexOf(0); end !== -1; end = stdout.indexOf(0, end + 1)) {
    count += 1;
  }
  return count;
}

const TAB = 0x09;
const MODE_DIGITS = 6;
const ID_DIGITS = 40;

/** A line of `ls-tree -l`: mode, `blob` or `commit`, id and size with blanks between, a tab, and the path. */
function listedFile(output: Buffer, at: number, end: number): ListedFile {
  const tab = output.indexOf(TAB, at);
  const isBlob = output[at + MODE_DIGITS + 1] === 'b'.charCodeAt(0);
  const idAt = at + MODE_DIGITS + (isBlob ? ' blob ' : ' commit ').length;
  return {
    name: output.subarray(tab + 1, end),
    mode: Number.parseInt(output.toString('latin1', at, at + MODE_DIGITS), 8),
    id: output.toString('latin1', idAt, idAt + ID_DIGITS),
    size: isBlob ? Number(output.toString('latin1', idAt + ID_DIGITS, tab)) : 0,
  };
}
