import { EMPTY_TREE } from '../git/gitObjects.ts';
import type { TreeEntry, TreeMode } from '../git/gitObjects.ts';
import type { NewTrees } from '../git/treeSource.ts';

/** What a path is to be in the new tree: a file or symlink, or not a file (`null`), which leaves a folder there alone. */
export type TreeChange = { readonly mode: Exclude<TreeMode, '40000' | '160000'>; readonly id: string } | null;

interface Node {
  change?: TreeChange;
  readonly children: Map<string, Node>;
}

/**
 * Adds the trees that turn the tree `base` into one with these changes, and returns the id of its root. Only the folders
 * that lead to a change are read and written; one that holds nothing any more disappears.
 */
export async function updateTree(
  trees: NewTrees,
  base: string,
  changes: ReadonlyMap<string, TreeChange>,
): Promise<string> {
  const updated = await updateFolder(trees, base, nodeOf(changes));
  return updated ?? trees.add([]);
}

function nodeOf(changes: ReadonlyMap<string, TreeChange>): Node {
  const root: Node = { children: new Map() };
  for (const [path, change] of changes) {
    let node = root;
    for (const name of path.split('/')) {
      const next: Node = node.children.get(name) ?? { children: new Map() };
      node.children.set(name, next);
      node = next;
    }
    node.change = change;
  }
  return root;
}

/** Undefined when nothing is left in the folder. */
async function updateFolder(trees: NewTrees, base: string | undefined, node: Node): Promise<string | undefined> {
  const before = base === undefined || base === EMPTY_TREE ? [] : await trees.tree(base);
  const entries = new Map(before.map((entry) => [entry.name, entry]));
  const updated = await Promise.all(
    [...node.children].map(
      async ([name, child]) => [name, await updateEntry(trees, entries.get(name), name, child)] as const,
    ),
  );
  let changed = base === undefined;
  for (const [name, entry] of updated) {
    changed ||= !sameTreeEntry(entries.get(name), entry);
    if (entry === undefined) {
      entries.delete(name);
    } else {
      entries.set(name, entry);
    }
  }
  if (entries.size === 0) {
    return undefined;
  }
  return changed ? trees.add(entries.values()) : base;
}

async function updateEntry(
  trees: NewTrees,
  before: TreeEntry | undefined,
  name: string,
  node: Node,
): Promise<TreeEntry | undefined> {
  if (node.change) {
    return { name, ...node.change };
  }
  const folder = before?.mode === '40000' ? before.id : undefined;
  if (node.children.size === 0) {
    return folder === undefined && node.change === null ? undefined : before;
  }
  const id = await updateFolder(trees, folder, node);
  if (id !== undefined) {
    return { name, mode: '40000', id };
  }
  return folder === undefined && node.change === undefined ? before : undefined;
}

function sameTreeEntry(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.mode === b?.mode && a?.id === b?.id;
}
