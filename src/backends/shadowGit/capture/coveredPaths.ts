import type { TreeSource } from '../git/treeSource.ts';

/** Files and symlinks of the tree `wanted` that the tree `present` does not have at all. Equal folders are not read. */
export async function missingPaths(
  trees: TreeSource,
  present: string | undefined,
  wanted: string,
  prefix = '',
): Promise<string[]> {
  if (present === wanted) {
    return [];
  }
  const here = new Map(present === undefined ? [] : (await trees.tree(present)).map((entry) => [entry.name, entry]));
  const missing: string[] = [];
  const contents = (await trees.tree(wanted)).filter(({ mode }) => mode !== '160000');
  for (const { name, mode, id } of contents) {
    const entry = here.get(name);
    if (mode === '40000') {
      const folder = entry?.mode === '40000' ? entry.id : undefined;
      missing.push(...(await missingPaths(trees, folder, id, `${prefix}${name}/`)));
    } else if (entry === undefined || entry.mode === '40000') {
      missing.push(prefix + name);
    }
  }
  return missing;
}
