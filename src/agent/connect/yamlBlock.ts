import { isMap, isScalar, parseDocument, type Document, type YAMLMap } from 'yaml';
import { CheckpointError } from '../../core/error.ts';
import { appendBlock, lineEnd, markedLines, removeBlock } from './markedBlock.ts';

const INDENT = '  ';

/**
 * The text with lines, between marks, at the beginning of the map that these keys lead to; maps that are missing are made,
 * at the end of the file where all are.
 * @throws CheckpointError `conflict` for what is no YAML, is written in one line, or has one of the lines' keys already.
 */
export function addYamlBlock(text: string | undefined, keys: readonly string[], lines: readonly string[]): string {
  const before = removeYamlBlock(text);
  const document = parse(before ?? '');
  const [map, depth] = deepest(document, keys);
  const missing = keys.slice(depth);
  const nested = missing.map((key, level) => `${INDENT.repeat(level)}${key}:`);
  const block = [...nested, ...lines.map((line) => INDENT.repeat(missing.length) + line)];
  const added =
    before === undefined || map === undefined || depth === 0 ? appendBlock(before, block) : insert(before, map, block);
  parse(added);
  return added;
}

/** The text without them; undefined when nothing is left of a file that was made. */
export function removeYamlBlock(text: string | undefined): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  parse(text);
  return removeBlock(text);
}

function insert(text: string, map: YAMLMap, block: readonly string[]): string {
  const start = map.range?.[0] ?? 0;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  if (map.flow === true || indent.trim() !== '' || indent === '') {
    throw new CheckpointError('conflict', 'The file has its settings in one line.', {
      hint: 'Write them in lines of their own first, or write the configuration by hand.',
    });
  }
  const lines = markedLines(block).map((line) => indent + line + lineEnd(text));
  return text.slice(0, lineStart) + lines.join('') + text.slice(lineStart);
}

/** The innermost of the maps that is there, and how many keys lead to it. */
function deepest(document: Document, keys: readonly string[]): readonly [YAMLMap | undefined, number] {
  let map = isMap(document.contents) ? document.contents : undefined;
  for (const [depth, key] of keys.entries()) {
    const pair = map?.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (pair === undefined) {
      return [map, depth];
    }
    if (!isMap(pair.value)) {
      throw new CheckpointError('conflict', `The file has something else as ${key}.`, {
        hint: 'Rename or remove it first, or write the configuration by hand.',
      });
    }
    map = pair.value;
  }
  return [map, keys.length];
}

function parse(text: string): Document {
  const document = parseDocument(text);
  const isEmpty = document.contents === null;
  if (document.errors.length > 0 || !(isEmpty || isMap(document.contents))) {
    throw new CheckpointError(
      'conflict',
      'The file is not the YAML that was expected, or has these settings already.',
      {
        hint: 'Mend it first, or write the configuration by hand.',
        cause: document.errors[0],
      },
    );
  }
  return document;
}
