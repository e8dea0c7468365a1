import { pathFromBytes } from './pathBytes.ts';

/** What one path is in one of two trees that git compared. */
export interface RawEntry {
  /** Six octal digits as git prints them: `100644`, `040000`, … */
  readonly mode: string;
  readonly id: string;
}

/** A path that two trees do not have in common; absent on the side that lacks it. */
export interface RawRow {
  readonly path: string;
  readonly before: RawEntry | undefined;
  readonly after: RawEntry | undefined;
}

/** What two trees do not have in common. */
export interface RawDiff {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly RawRow[];
}

/** Arguments of a git that reads pairs of tree ids, one pair per line, and prints what {@link parseRawDiffs} reads. */
export const RAW_DIFF = [
  'diff-tree',
  '--stdin',
  '-z',
  '--raw',
  '--no-renames',
  '--no-abbrev',
  '--no-ext-diff',
] as const;

const COLON = 0x3a;
const LINE_FEED = 0x0a;
const NOTHING = '000000';

/**
 * The output of `git diff-tree --stdin -z --raw` (git's "raw output format"): per pair a line with both ids, then
 * `:mode mode id id status`, NUL, path, NUL. Pairs that git could not read are missing.
 */
export function parseRawDiffs(bytes: Buffer): RawDiff[] {
  const diffs: RawDiff[] = [];
  let rows: RawRow[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== COLON) {
      const lineEnd = bytes.indexOf(LINE_FEED, at);
      const [from = '', to = ''] = bytes.toString('latin1', at, lineEnd).split(' ');
      rows = [];
      diffs.push({ from, to, rows });
      at = lineEnd + 1;
      continue;
    }
    const fieldsEnd = bytes.indexOf(0, at);
    const pathEnd = bytes.indexOf(0, fieldsEnd + 1);
    const fields = bytes.toString('latin1', at + 1, fieldsEnd).split(' ');
    const [modeBefore = '', modeAfter = '', idBefore = '', idAfter = ''] = fields;
    rows.push({
      path: pathFromBytes(bytes.subarray(fieldsEnd + 1, pathEnd)),
      before: rawEntry(modeBefore, idBefore),
      after: rawEntry(modeAfter, idAfter),
    });
    at = pathEnd + 1;
  }
  return diffs;
}

function rawEntry(mode: string, id: string): RawEntry | undefined {
  return mode === NOTHING ? undefined : { mode, id };
}
