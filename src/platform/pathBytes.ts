/**
 * Names on disk are bytes; paths inside the product are text. Bytes that are not valid UTF-8 become the lone surrogates
 * U+DC80 to U+DCFF, one per byte (the scheme that Python's PEP 383 calls "surrogateescape"), so that every name makes the
 * round trip.
 */
const ESCAPED = /[\uDC80-\uDCFF]/;
const ESCAPE_BASE = 0xdc00;

export function pathFromBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(bytes) ? escapeInvalid(bytes) : text;
}

export function pathToBytes(path: string): Buffer {
  if (!ESCAPED.test(path) || path.isWellFormed()) {
    return Buffer.from(path, 'utf8');
  }
  const parts: Buffer[] = [];
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    const isEscape = code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff;
    parts.push(isEscape ? Buffer.of(code - ESCAPE_BASE) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

function escapeInvalid(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    text +=
      length === 0 ? String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** Length of the valid UTF-8 character that begins at `at`, or 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = 1 + [0x80, 0xe0, 0xf0].filter((first) => lead >= first).length;
  const slice = bytes.subarray(at, at + length);
  return Buffer.from(slice.toString('utf8'), 'utf8').equals(slice) ? slice.length : 0;
}
