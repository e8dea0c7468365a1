import type { TreeEntry } from '../git/gitObjects.ts';
import type { TreeSource } from '../git/treeSource.ts';

/** What these paths are in a tree; paths that it does not hold are not in the result. Every folder is read once. */
export async function lookUpPaths(
  trees: TreeSource,
  tree: string,
  paths: Iterable<string>,
): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>();
  await lookUpIn(trees, tree, '', [...paths], found);
  return found;
}

async function lookUpIn(
  trees: TreeSource,
  tree: string,
  prefix: string,
  paths: readonly string[],
  found: Map<string, TreeEntry>,
): Promise<void> {
  if (paths.length === 0) {
    return;
  }
  const entries = new Map((await trees.tree(tree)).map((entry) => [entry.name, entry]));
  const deeper = new Map<string, { readonly tree: string; readonly paths: string[] }>();
  for (const path of paths) {
    const slash = path.indexOf('/', prefix.length);
    const name = slash === -1 ? path.slice(prefix.length) : path.slice(prefix.length, slash);
    const entry = entries.get(name);
    if (slash === -1 && entry !== undefined) {
      found.set(path, entry);
    } else if (slash !== -1 && entry?.mode === '40000') {
      const inside = deeper.get(name) ?? { tree: entry.id, paths: [] };
      inside.paths.push(path);
      deeper.set(name, inside);
    }
  }
  await Promise.all(
    [...deeper].map(([name, inside]) => lookUpIn(trees, inside.tree, `${prefix}${name}/`, inside.paths, found)),
  );
}
