import type { Change, Entry } from '../../../core/change.ts';
import type { ShadowRepository } from './shadowRepository.ts';

/** The same lists with the sizes of all files and links, found out by one process. */
export async function withSizes(
  repository: ShadowRepository,
  lists: readonly (readonly Change[])[],
): Promise<Change[][]> {
  const ids = new Set(lists.flat().flatMap(({ before, after }) => [before?.content ?? '', after?.content ?? '']));
  ids.delete('');
  const sizes = await objectSizes(repository, [...ids]);
  const sized = (entry: Entry | undefined): Entry | undefined => {
    const size = entry && sizes.get(entry.content);
    return entry === undefined || size === undefined ? entry : { ...entry, size };
  };
  return lists.map((list) =>
    list.map((change) => {
      const [before, after] = [sized(change.before), sized(change.after)];
      return { ...change, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    }),
  );
}

/** Id → bytes, without the ids that the store lacks (`git cat-file --batch-check`). */
async function objectSizes(repository: ShadowRepository, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) {
    return new Map();
  }
  const { stdout } = await repository.git(['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'], {
    stdin: Buffer.from(`${ids.join('\n')}\n`),
  });
  const sizes = new Map<string, number>();
  for (const line of stdout.toString('latin1').split('\n')) {
    const [id = '', size = ''] = line.split(' ');
    if (/^\d+$/.test(size)) {
      sizes.set(id, Number(size));
    }
  }
  return sizes;
}
