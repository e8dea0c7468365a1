import { sha1 } from '../../../platform/hash.ts';
import { pathFromBytes, pathToBytes } from '../../../platform/pathBytes.ts';

/**
 * Git's objects as bytes, as gitformat-pack(5), git-mktree(1) and the book "Pro Git" (10.2 Git Objects) describe them.
 * Ids are 40 hexadecimal digits: our stores are always SHA-1.
 */
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** File modes that a tree can hold. A `160000` (a link to another repository's commit) is read, but never written. */
export type TreeMode = '100644' | '100755' | '120000' | '40000' | '160000';

export interface TreeEntry {
  /** One path component. */
  readonly name: string;
  readonly mode: TreeMode;
  readonly id: string;
}

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

const ID_BYTES = 20;

export function objectHeader(type: ObjectType, size: number): Buffer {
  return Buffer.from(`${type} ${size}\0`, 'latin1');
}

export function objectId(type: ObjectType, data: Uint8Array): string {
  return sha1().update(objectHeader(type, data.length)).update(data).digest('hex');
}

/** @throws RangeError when the bytes are not a tree. */
export function parseTree(data: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const end = data.indexOf(0, space);
    if (space === -1 || end === -1 || end + ID_BYTES >= data.length) {
      throw new RangeError('A tree object is cut off.');
    }
    entries.push({
      mode: normalMode(data.toString('latin1', at, space)),
      name: pathFromBytes(data.subarray(space + 1, end)),
      id: data.toString('hex', end + 1, end + 1 + ID_BYTES),
    });
    at = end + 1 + ID_BYTES;
  }
  return entries;
}

/** Old gits wrote `100664` for group-writable files; every reader takes it for `100644`. */
function normalMode(mode: string): TreeMode {
  switch (mode) {
    case '100755':
    case '120000':
    case '40000':
    case '160000':
      return mode;
    default:
      return mode.startsWith('100') && (Number.parseInt(mode, 8) & 0o100) !== 0 ? '100755' : '100644';
  }
}

/** The bytes of a tree with these entries, in any order. */
export function serializeTree(entries: Iterable<TreeEntry>): Buffer {
  const sorted = [...entries]
    .map((entry) => ({ entry, name: pathToBytes(entry.name) }))
    .toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  return Buffer.concat(
    sorted.flatMap(({ entry, name }) => [
      Buffer.from(`${entry.mode} `, 'latin1'),
      name,
      Buffer.of(0),
      Buffer.from(entry.id, 'hex'),
    ]),
  );
}

/** Git sorts a folder as if its name ended with a slash. */
function sortKey(item: { readonly entry: TreeEntry; readonly name: Buffer }): Buffer {
  return item.entry.mode === '40000' ? Buffer.concat([item.name, Buffer.from('/')]) : item.name;
}
