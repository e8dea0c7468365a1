import { stripVTControlCharacters } from 'node:util';
import type { ChangeCounts, ChangeKind } from '../core/change.ts';
import type { Style, Terminal } from './terminal.ts';

/**
 * Text of others (names, titles, paths) as it is safe to show: what could move the cursor, colour, hide or reorder other
 * text is shown as an escape, bytes that are not UTF-8 as `\xNN`.
 */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escape);
}

/** The same for a text that may have several lines. */
export function visibleLines(text: string): string[] {
  return text.split(/\r?\n/).map(visible);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\u001B': '\\e' };

/** Joins what belongs to one picture, as in flags and families. */
const JOINER = '\u200D';

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === JOINER) {
    return character;
  }
  if (code >= 0xdc80 && code <= 0xdcff) {
    return `\\x${(code - 0xdc00).toString(16)}`;
  }
  return SHORT_ESCAPES[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Rows with their columns aligned; the last column is as long as it is. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, width(cell));
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;
const segmenter = new Intl.Segmenter('en');

/** Cells that a text takes on a terminal: wide characters take two, colours none. */
function width(text: string): number {
  let cells = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) {
    cells += WIDE.test(segment) ? 2 : 1;
  }
  return cells;
}

/** `1 file`, `2 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const SIGNS: Readonly<Record<ChangeKind, string>> = { added: '+', modified: '~', deleted: '-' };
const STYLES: Readonly<Record<ChangeKind, Style>> = { added: 'green', modified: 'yellow', deleted: 'red' };

export function changeLine(terminal: Terminal, { kind, path }: { kind: ChangeKind; path: string }): string {
  return terminal.style(STYLES[kind], `${SIGNS[kind]} ${visible(path)}`);
}

/** The first of many lines, and how many there are besides. */
export function firstLines(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more > 1 ? [...lines.slice(0, most), `… and ${more} more`] : [...lines];
}

export function countsText({ added, modified, deleted }: ChangeCounts): string {
  return `+${added} ~${modified} -${deleted}`;
}

/** `1 added, 2 modified`; what there is none of is left out. */
export function countsSentence(counts: ChangeCounts): string {
  const parts = (['added', 'modified', 'deleted'] as const).filter((kind) => counts[kind] > 0);
  return parts.map((kind) => `${counts[kind]} ${kind}`).join(', ') || 'nothing changed';
}

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago: "5 minutes ago", "just now". */
export function ageText(then: Date, now: Date): string {
  const seconds = (now.getTime() - then.getTime()) / 1000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 0];
  if (length === 0) {
    return 'just now';
  }
  return new Intl.RelativeTimeFormat('en').format(-Math.trunc(seconds / length), unit);
}

/** Local time to the minute, or to the second: `2025-01-31 10:20`. */
export function localTime(time: Date, precision: 'minutes' | 'seconds' = 'minutes'): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const minutes = `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
  return precision === 'minutes' ? minutes : `${minutes}:${two(time.getSeconds())}`;
}

const KIB = 1024;

/** `512 B`, `1.5 KiB`, `10 MiB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < KIB ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / KIB ** step;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[step]}`;
}
