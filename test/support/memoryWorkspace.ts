import type { Change, Entry } from '../../src/core/change.ts';
import { sameEntry } from '../../src/core/change.ts';
import type { SkippedPath, SkipReason } from '../../src/core/coverage.ts';
import { pathFromBytes, pathToBytes } from '../../src/platform/pathBytes.ts';
import { type NodeLiteral, renderContent, type TreeLiteral } from './folderTree.ts';

export interface MemoryNode {
  readonly type: Entry['type'];
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** Everything that a capture of a {@link MemoryWorkspace} holds. */
export interface MemoryState {
  readonly nodes: ReadonlyMap<string, MemoryNode>;
  readonly skipped: readonly SkippedPath[];
  /** Paths that the ignore rules of that time leave out. */
  readonly ignored: ReadonlySet<string>;
}

export const EMPTY_STATE: MemoryState = { nodes: new Map(), skipped: [], ignored: new Set() };

/** A folder in memory: files, symlinks and folders with their permission bits. */
export class MemoryWorkspace {
  readonly nodes = new Map<string, MemoryNode>();
  /** Paths that a capture cannot take, with the reason it gives. */
  readonly unreadable = new Map<string, SkipReason>();
  /** Paths that ignore rules leave out now. */
  readonly ignored = new Set<string>();

  write(tree: TreeLiteral): void {
    for (const [path, literal] of Object.entries(tree)) {
      this.put(path, nodeOf(literal));
    }
  }

  put(path: string, node: MemoryNode): void {
    for (const parent of parentsOf(path)) {
      if (this.nodes.get(parent)?.type !== 'folder') {
        this.nodes.set(parent, { type: 'folder', mode: 0o755, bytes: NO_BYTES });
      }
    }
    this.nodes.set(path, node);
  }

  remove(...paths: readonly string[]): void {
    for (const path of paths) {
      for (const known of [...this.nodes.keys()]) {
        if (isWithin(known, path)) {
          this.nodes.delete(known);
        }
      }
    }
  }

  /** What a checkpoint of this moment holds. What `covering` holds is taken even where a rule or the size leaves it out. */
  capture(covering: MemoryState = EMPTY_STATE): MemoryState {
    const nodes = new Map<string, MemoryNode>();
    const skipped: SkippedPath[] = [];
    for (const [path, node] of this.nodes) {
      const wanted = covering.nodes.has(path);
      const reason = this.unreadable.get(path);
      if (reason !== undefined && !(wanted && reason === 'tooLarge')) {
        skipped.push({ path, reason, size: node.bytes.length });
      } else if (wanted || !this.ignored.has(path)) {
        nodes.set(path, node);
      }
    }
    return { nodes, skipped: skipped.toSorted((a, b) => (a.path < b.path ? -1 : 1)), ignored: new Set(this.ignored) };
  }

  /** The same text as `renderFolder` gives for a folder on disk. */
  render(): string {
    const paths = [...this.nodes.keys()].toSorted(byLevels);
    return paths.map((path) => renderNode(path, this.nodes.get(path)!)).join('\n');
  }
}

const NO_BYTES = new Uint8Array();

function nodeOf(literal: NodeLiteral): MemoryNode {
  if (typeof literal === 'string' || literal instanceof Uint8Array) {
    return nodeOf({ file: literal, mode: 0o644 });
  }
  if ('folder' in literal) {
    return { type: 'folder', mode: literal.folder, bytes: NO_BYTES };
  }
  if ('link' in literal) {
    return { type: 'symlink', mode: 0o777, bytes: pathToBytes(literal.link) };
  }
  return { type: 'file', mode: literal.mode, bytes: Buffer.from(literal.file) };
}

/** The entry of a node. Base64 of the bytes is an identity that keeps the port's promise by itself. */
export function entryOf(node: MemoryNode | undefined): Entry | undefined {
  return (
    node && {
      type: node.type,
      mode: node.mode,
      content: Buffer.from(node.bytes).toString('base64'),
      ...(node.type === 'folder' ? {} : { size: node.bytes.length }),
    }
  );
}

/** What differs between two states, sorted by path. */
export function difference(from: MemoryState, to: MemoryState): readonly Change[] {
  const paths = [...new Set([...from.nodes.keys(), ...to.nodes.keys()])].toSorted();
  return paths.flatMap((path) => changeOf(from, to, path) ?? []);
}

function changeOf(from: MemoryState, to: MemoryState, path: string): Change | undefined {
  const [before, after] = [entryOf(from.nodes.get(path)), entryOf(to.nodes.get(path))];
  if (sameEntry(before, after)) {
    return undefined;
  }
  const shownBefore = before && isShown(from, path, after) ? before : undefined;
  const shownAfter = after && isShown(to, path, before) ? after : undefined;
  if (shownBefore && shownAfter) {
    return { path, kind: 'modified', before: shownBefore, after: shownAfter };
  }
  if (shownBefore) {
    return { path, kind: 'deleted', before: shownBefore };
  }
  return shownAfter && { path, kind: 'added', after: shownAfter };
}

/** A folder shows only where it is empty, or where both states have it and its mode is what changed. */
function isShown(state: MemoryState, path: string, other: Entry | undefined): boolean {
  if (state.nodes.get(path)?.type !== 'folder' || other?.type === 'folder') {
    return true;
  }
  return ![...state.nodes.keys()].some((known) => known.startsWith(`${path}/`));
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

export function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function renderNode(path: string, node: MemoryNode): string {
  const mode = node.mode.toString(8).padStart(3, '0');
  const shown = /^[\w./@+-]+$/.test(path) ? path : JSON.stringify(path);
  if (node.type === 'folder') {
    return `${mode} ${shown}/`;
  }
  if (node.type === 'symlink') {
    return `link ${shown} -> ${JSON.stringify(pathFromBytes(Buffer.from(node.bytes)))}`;
  }
  return `${mode} ${shown} ${renderContent(node.bytes)}`;
}

/** The order of a walk that sorts the names of each folder. */
function byLevels(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at === -1) {
    return left.length - right.length;
  }
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}
