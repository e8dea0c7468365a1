import type { Entry } from '../../../core/change.ts';
import { foldersAbove } from '../../../platform/relativePath.ts';
import { type Extras, folderMode, foldersAroundEmpty, NO_EXTRAS } from './extras.ts';
import type { TreeEntry } from '../git/gitObjects.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { readState, toEntry } from './stateTree.ts';

/** Answers many questions about one state and reads each of its trees at most once. */
export class StateLookup {
  readonly extras: Extras;
  readonly workspaceTree: string;
  readonly #repository: ShadowRepository;
  #aroundEmpty: ReadonlySet<string> | undefined;
  readonly #trees = new Map<string, Promise<ReadonlyMap<string, TreeEntry>>>();

  private constructor(repository: ShadowRepository, workspaceTree: string, extras: Extras) {
    this.#repository = repository;
    this.workspaceTree = workspaceTree;
    this.extras = extras;
  }

  /** The state with this root tree; without any file when it is empty. */
  static async open(repository: ShadowRepository, root: string): Promise<StateLookup> {
    if (root === '') {
      return new StateLookup(repository, '', NO_EXTRAS);
    }
    const state = await readState(repository.objects, root);
    return new StateLookup(repository, state.workspaceTree, state.extras);
  }

  async entry(path: string): Promise<Entry | undefined> {
    this.#aroundEmpty ??= foldersAroundEmpty(this.extras);
    if (this.#aroundEmpty.has(path)) {
      return { type: 'folder', mode: folderMode(this.extras, path), content: '' };
    }
    const found = await this.treeEntry(path);
    return found === undefined ? undefined : toEntry(found, path, this.extras);
  }

  /**
   * The same tree, with what git does not know taken from another state as far as it can be true of both: permission bits,
   * and folders without files.
   */
  async completedFrom({ extras: known }: StateLookup): Promise<StateLookup> {
    const modes = new Map<string, number>();
    for (const [path, mode] of known.modes) {
      const gitMode = (await this.treeEntry(path))?.mode;
      if (gitMode === ((mode & 0o100) === 0 ? '100644' : '100755')) {
        modes.set(path, mode);
      }
    }
    const folderModes = new Map(known.folderModes);
    const emptyFolders = new Map<string, number>();
    for (const [path, mode] of known.emptyFolders) {
      const here = await Promise.all([path, ...foldersAbove(path)].map((each) => this.treeEntry(each)));
      if (here.every((entry) => entry === undefined || entry.mode === '40000')) {
        (here[0] === undefined ? emptyFolders : folderModes).set(path, mode);
      }
    }
    const extras = { ...this.extras, defaults: known.defaults, modes, folderModes, emptyFolders };
    return new StateLookup(this.#repository, this.workspaceTree, extras);
  }

  /** All paths of files, links and folders. */
  async paths(): Promise<Set<string>> {
    const paths = foldersAroundEmpty(this.extras);
    const walk = async (treeId: string, prefix: string): Promise<void> => {
      for (const [name, { mode, id }] of await this.#tree(treeId)) {
        paths.add(prefix + name);
        if (mode === '40000') {
          await walk(id, `${prefix}${name}/`);
        }
      }
    };
    await walk(this.workspaceTree, '');
    return paths;
  }

  /** What git's tree says of a path: nothing of an empty folder. */
  async treeEntry(path: string): Promise<TreeEntry | undefined> {
    let treeId = this.workspaceTree;
    const names = path.split('/');
    for (const name of names.slice(0, -1)) {
      const folder = (await this.#tree(treeId)).get(name);
      if (folder?.mode !== '40000') {
        return undefined;
      }
      treeId = folder.id;
    }
    return (await this.#tree(treeId)).get(names.at(-1) ?? '');
  }

  #tree(id: string): Promise<ReadonlyMap<string, TreeEntry>> {
    const known = this.#trees.get(id);
    if (known !== undefined) {
      return known;
    }
    const read = this.#read(id);
    this.#trees.set(id, read);
    return read;
  }

  async #read(id: string): Promise<ReadonlyMap<string, TreeEntry>> {
    const entries = id === '' ? [] : await this.#repository.objects.tree(id);
    return new Map(entries.map((entry) => [entry.name, entry]));
  }
}
