import { createScanner, type Node, type ParseError, parseTree, findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import { CheckpointError } from '../../core/error.ts';
import { lineEnd } from './markedBlock.ts';

/** Something of ours in a JSON file: a property of an object, or an element of an array. */
export interface JsonEntry {
  /** Names of the objects and arrays around it; missing ones are made, and removed again. */
  readonly into: readonly string[];
  /** The property's name; absent for an element. */
  readonly key?: string;
  readonly value: unknown;
  /** Whether a value that is found there is ours. */
  readonly isOurs: (value: unknown) => boolean;
}

/**
 * The text with the entries, each at the beginning of its container, so that no comment and no comma of others is touched.
 * A container that was empty gets its entry on the line of its bracket: by that a container that was there is told from one
 * that was made for the entry.
 */
export function addEntries(text: string | undefined, entries: readonly JsonEntry[]): string {
  const clean = removeEntries(text, entries);
  return entries.reduce<string | undefined>((now, entry) => addEntry(now, entry), clean) ?? '';
}

/** The text without our entries and what was made for them; undefined when nothing is left of a file that was made. */
export function removeEntries(text: string | undefined, entries: readonly JsonEntry[]): string | undefined {
  return entries.reduceRight<string | undefined>((now, entry) => {
    for (let left = now; ;) {
      const next = removeEntry(left, entry);
      if (next === left) {
        return left;
      }
      left = next;
    }
  }, text);
}

const BOM = '\uFEFF';

function addEntry(text: string | undefined, entry: JsonEntry): string {
  const root = text === undefined ? undefined : parse(text);
  const names = namesOf(entry);
  if (text === undefined || root === undefined) {
    const made = JSON.stringify(wrap(names, entry.value), undefined, 2);
    return text === undefined ? `${made}\n` : `${text}${made}`;
  }
  const [container, depth] = deepest(root, entry.into);
  const [name, ...missing] = names.slice(depth);
  const isFitting = container.type === (typeof name === 'string' ? 'object' : 'array');
  if (!isFitting || (typeof name === 'string' && childOf(container, name) !== undefined)) {
    throw notOurs(names.slice(0, Math.max(1, depth)).join('.'));
  }
  return insert(text, container, depth, name, wrap(missing, entry.value));
}

/** The way to an entry; 0 stands for the beginning of an array. */
function namesOf({ into, key }: JsonEntry): readonly Name[] {
  return [...into, key ?? 0];
}

type Name = string | 0;

/** The innermost of the containers that is there, and how many names lead to it. */
function deepest(root: Node, into: readonly string[]): readonly [Node, number] {
  let container = root;
  for (const [depth, name] of into.entries()) {
    const next = container.type === 'object' ? childOf(container, name) : undefined;
    if (next === undefined) {
      return [container, depth];
    }
    container = next;
  }
  return [container, into.length];
}

function childOf(container: Node, name: string): Node | undefined {
  return findNodeAtLocation(container, [name]);
}

function wrap(names: readonly Name[], value: unknown): unknown {
  return names.reduceRight<unknown>((inner, name) => (typeof name === 'string' ? { [name]: inner } : [inner]), value);
}

function insert(text: string, container: Node, depth: number, name: Name | undefined, value: unknown): string {
  const unit = /\n([ \t]+)["{[]/.exec(text)?.[1] ?? '  ';
  const eol = lineEnd(text);
  const indent = unit.repeat(depth + 1);
  const pretty = JSON.stringify(value, undefined, unit).replaceAll('\n', `${eol}${indent}`);
  const entry = typeof name === 'string' ? `${JSON.stringify(name)}: ${pretty}` : pretty;
  const at = container.offset + 1;
  const added = (container.children ?? []).length === 0 ? ` ${entry}` : `${eol}${indent}${entry},`;
  return text.slice(0, at) + added + text.slice(at);
}

function removeEntry(text: string | undefined, entry: JsonEntry): string | undefined {
  const root = text === undefined ? undefined : parse(text);
  const found = root && candidates(root, entry).find((node) => entry.isOurs(getNodeValue(node)));
  if (text === undefined || found === undefined) {
    return text;
  }
  return cut(text, found.parent?.type === 'property' ? found.parent : found);
}

/** What is where an entry would be. */
function candidates(root: Node, { into, key }: JsonEntry): readonly Node[] {
  const container = into.length === 0 ? root : findNodeAtLocation(root, [...into]);
  if (key === undefined) {
    return container?.type === 'array' ? (container.children ?? []) : [];
  }
  const child = container?.type === 'object' ? childOf(container, key) : undefined;
  return child === undefined ? [] : [child];
}

/** The text without a property or an element, and without the containers that were made for it. */
function cut(text: string, node: Node): string | undefined {
  const container = node.parent;
  if (container === undefined) {
    return cutRoot(text, node);
  }
  const siblings = container.children ?? [];
  const previous = siblings[siblings.indexOf(node) - 1];
  const end = node.offset + node.length;
  const comma = nextToken(text, end);
  const start = container.offset + 1;
  if (comma.text === ',') {
    const from = previous === undefined ? start : nextToken(text, previous.offset + previous.length).end;
    return text.slice(0, from) + text.slice(comma.end);
  }
  if (previous !== undefined) {
    return text.slice(0, previous.offset + previous.length) + text.slice(end);
  }
  const wasMade = text.slice(start, node.offset).includes('\n');
  const isBare = text.slice(end, container.offset + container.length - 1).trim() === '';
  if (wasMade && isBare) {
    return cut(text, container.parent?.type === 'property' ? container.parent : container);
  }
  return text.slice(0, start) + text.slice(end);
}

/** A file that was not there ends with a line feed when it is made, one that was empty does not. */
function cutRoot(text: string, root: Node): string | undefined {
  const [before, after] = [text.slice(0, root.offset), text.slice(root.offset + root.length)];
  return before === '' && after.trim() === '' && after !== '' ? undefined : before + after;
}

function nextToken(text: string, from: number): { readonly text: string; readonly end: number } {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const start = scanner.getTokenOffset();
  const end = start + scanner.getTokenLength();
  return { text: text.slice(start, end), end };
}

/** Undefined for a text without content. */
function parse(text: string): Node | undefined {
  const body = text.replace(BOM, ' ');
  if (body.trim() === '') {
    return undefined;
  }
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0 || root.type !== 'object') {
    throw new CheckpointError('conflict', 'The file is not the JSON that was expected.', {
      hint: 'Mend it first, or write the configuration by hand.',
    });
  }
  return root;
}

function notOurs(where: string): CheckpointError {
  return new CheckpointError('conflict', `The file has something else as ${where}.`, {
    hint: 'Rename or remove it first, or write the configuration by hand.',
  });
}
