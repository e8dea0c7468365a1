import type { OperationContext } from '../../core/operationContext.ts';
import type { SnapshotReader } from './snapshotRepository.ts';

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** How many trees are read by one process: what git prints of them is in memory. */
const AT_ONCE = 2000;

interface TreeNode {
  /** Name → id. */
  readonly folders: ReadonlyMap<string, string>;
  /** Names of links to commits of other repositories: submodules and nested repositories. */
  readonly links: readonly string[];
}

/** Which tree of a repository holds which; each tree is read once. */
export class TreeGraph {
  readonly #reader: SnapshotReader;
  readonly #nodes = new Map<string, TreeNode>();

  constructor(reader: SnapshotReader) {
    this.#reader = reader;
  }

  /** Reads what is new and forgets what is gone. */
  async update(context?: OperationContext): Promise<void> {
    const present = new Set(await this.#reader.trees(context));
    for (const id of this.#nodes.keys()) {
      if (!present.has(id)) {
        this.#nodes.delete(id);
      }
    }
    const fresh = [...present].filter((id) => !this.#nodes.has(id));
    for (let start = 0; start < fresh.length; start += AT_ONCE) {
      await this.#read(fresh.slice(start, start + AT_ONCE), context);
    }
  }

  /** Trees that are in no other tree. */
  roots(): readonly string[] {
    const inner = new Set([...this.#nodes.values()].flatMap(({ folders }) => [...folders.values()]));
    return [...this.#nodes.keys()].filter((id) => !inner.has(id));
  }

  /** The tree of a folder in a tree; undefined when it is not there. */
  folder(tree: string, path: string): string | undefined {
    const names = path === '' ? [] : path.split('/');
    return names.reduce<string | undefined>((id, name) => this.#nodes.get(id ?? '')?.folders.get(name), tree);
  }

  /** Paths of the links below a tree. */
  links(tree: string, prefix = ''): string[] {
    const node = this.#nodes.get(tree);
    const here = (node?.links ?? []).map((name) => prefix + name);
    const below = [...(node?.folders ?? [])].flatMap(([name, id]) => this.links(id, `${prefix}${name}/`));
    return [...here, ...below];
  }

  async #read(ids: readonly string[], context?: OperationContext): Promise<void> {
    const pairs = ids.map((id) => [EMPTY_TREE, id] as const);
    for (const { to, rows } of await this.#reader.compare(pairs, 'oneLevel', context)) {
      const folders = rows.filter(({ after }) => after?.mode === '040000');
      const links = rows.filter(({ after }) => after?.mode === '160000');
      this.#nodes.set(to, {
        folders: new Map(folders.map(({ path, after }) => [path, after?.id ?? ''])),
        links: links.map(({ path }) => path),
      });
    }
  }
}
