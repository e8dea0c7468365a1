import { parseTree, serializeTree } from './gitObjects.ts';
import type { TreeEntry } from './gitObjects.ts';
import type { ObjectReader } from './objectReader.ts';
import type { ObjectWriter } from './objectWriter.ts';

export interface TreeSource {
  /** The entries of a tree. Throws `corrupt` when it is missing. */
  tree(id: string): Promise<readonly TreeEntry[]>;
}

/** The trees of the store and those that are being written. */
export class NewTrees implements TreeSource {
  readonly #objects: ObjectReader;
  readonly #writer: ObjectWriter;
  readonly #added = new Map<string, Buffer>();

  constructor(objects: ObjectReader, writer: ObjectWriter) {
    this.#objects = objects;
    this.#writer = writer;
  }

  async tree(id: string): Promise<readonly TreeEntry[]> {
    const added = this.#added.get(id);
    return added === undefined ? this.#objects.tree(id) : parseTree(added);
  }

  async add(entries: Iterable<TreeEntry>): Promise<string> {
    const data = serializeTree(entries);
    const id = await this.#writer.add('tree', data);
    this.#added.set(id, data);
    return id;
  }
}
