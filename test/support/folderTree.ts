import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { pathFromBytes, pathToBytes } from '../../src/platform/pathBytes.ts';

/** What a path of a {@link TreeLiteral} is; a plain string or bytes is a file with mode 644. */
export type NodeLiteral =
  | string
  | Uint8Array
  | { readonly file: string | Uint8Array; readonly mode: number }
  | { readonly link: string }
  | { readonly folder: number };

/** A folder as a literal: relative paths with `/` (surrogates for odd bytes, as in the product) and what they are. */
export type TreeLiteral = Readonly<Record<string, NodeLiteral>>;

export const file = (content: string | Uint8Array, mode = 0o644): NodeLiteral => ({ file: content, mode });
export const link = (target: string): NodeLiteral => ({ link: target });
export const folder = (mode = 0o755): NodeLiteral => ({ folder: mode });

/** The bytes of a path below a root, for node's file functions. */
export function at(root: string, path: string): Buffer {
  return path === '' ? pathToBytes(root) : pathToBytes(`${root}/${path}`);
}

/** Writes every node of the literal below `root`, replacing files and links that are there. */
export async function writeTree(root: string, tree: TreeLiteral): Promise<void> {
  for (const [path, node] of Object.entries(tree)) {
    const parent = path.lastIndexOf('/');
    await fs.mkdir(at(root, parent === -1 ? '' : path.slice(0, parent)), { recursive: true });
    await writeNode(at(root, path), node);
  }
}

async function writeNode(place: Buffer, node: NodeLiteral): Promise<void> {
  if (typeof node === 'string' || node instanceof Uint8Array) {
    return writeNode(place, { file: node, mode: 0o644 });
  }
  if ('folder' in node) {
    await fs.mkdir(place, { recursive: true });
    return fs.chmod(place, node.folder);
  }
  if ('link' in node) {
    await fs.rm(place, { force: true });
    return fs.symlink(pathToBytes(node.link), place);
  }
  await fs.writeFile(place, node.file);
  return fs.chmod(place, node.mode);
}

/** As {@link writeTree}, but the files look as if they had been written an hour ago. */
export async function writeOldTree(root: string, tree: TreeLiteral): Promise<void> {
  await writeTree(root, tree);
  const time = new Date(Date.now() - 3_600_000);
  for (const path of Object.keys(tree)) {
    await fs.lutimes(at(root, path), time, time);
  }
}

/** Removes these paths below `root`, folders with all they hold. */
export async function removeTree(root: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await fs.rm(at(root, path), { recursive: true, force: true });
  }
}

/**
 * A folder as text, one line per path in order: `755 sub/`, `644 sub/a "content"`, `link b -> "target"`. Long or binary
 * contents show as size and hash. Paths for which `leaveOut` is true are not shown, nor what is below them.
 */
export async function renderFolder(root: string, leaveOut: (path: string) => boolean = () => false): Promise<string> {
  const lines: string[] = [];
  await renderLevel(root, '', leaveOut, lines);
  return lines.join('\n');
}

async function renderLevel(
  root: string,
  prefix: string,
  leaveOut: (path: string) => boolean,
  lines: string[],
): Promise<void> {
  const names = (await fs.readdir(at(root, prefix), { encoding: 'buffer' })).map(pathFromBytes);
  for (const name of names.toSorted()) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (!leaveOut(path)) {
      await renderPath(root, path, leaveOut, lines);
    }
  }
}

async function renderPath(
  root: string,
  path: string,
  leaveOut: (path: string) => boolean,
  lines: string[],
): Promise<void> {
  const stat = await fs.lstat(at(root, path));
  const mode = (stat.mode & 0o7777).toString(8).padStart(3, '0');
  if (stat.isDirectory()) {
    lines.push(`${mode} ${quote(path)}/`);
    await renderLevel(root, path, leaveOut, lines);
  } else if (stat.isSymbolicLink()) {
    const target = await fs.readlink(at(root, path), { encoding: 'buffer' });
    lines.push(`link ${quote(path)} -> ${JSON.stringify(pathFromBytes(target))}`);
  } else if (stat.isFile()) {
    lines.push(`${mode} ${quote(path)} ${renderContent(await fs.readFile(at(root, path)))}`);
  } else {
    lines.push(`${mode} ${quote(path)} (special)`);
  }
}

/** A content as short text that still tells any two apart. */
export function renderContent(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (bytes.length <= 60 && Buffer.from(text, 'utf8').equals(bytes)) {
    return JSON.stringify(text);
  }
  return `(${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)})`;
}

function quote(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : JSON.stringify(path);
}
