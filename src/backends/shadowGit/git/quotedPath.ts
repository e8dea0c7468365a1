import { pathToBytes } from '../../../platform/pathBytes.ts';

const NAMED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/** A path as git prints it with `core.quotePath=false`: in quotes and with C escapes when it holds such characters. */
export function quotedPath(path: string): Buffer {
  const parts: Buffer[] = [];
  let isPlain = true;
  for (const byte of pathToBytes(path)) {
    const escape = NAMED[byte] ?? (byte < 32 || byte === 127 ? `\\${byte.toString(8).padStart(3, '0')}` : undefined);
    isPlain &&= escape === undefined;
    parts.push(escape === undefined ? Buffer.of(byte) : Buffer.from(escape));
  }
  const quote = Buffer.from(isPlain ? '' : '"');
  return Buffer.concat([quote, ...parts, quote]);
}
