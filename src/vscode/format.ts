import * as vscode from 'vscode';
import type { ChangeCounts, LineCounts } from '../core/change.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  { unit: 'day', length: DAY },
  { unit: 'hour', length: HOUR },
  { unit: 'minute', length: MINUTE },
] as const;

interface Amount {
  readonly unit: 'day' | 'hour' | 'minute' | 'second';
  readonly value: number;
}

function elapsed(time: string, now: number): Amount {
  const milliseconds = Math.max(0, now - Date.parse(time));
  const found = UNITS.find(({ length }) => milliseconds >= length);
  return found === undefined
    ? { unit: 'second', value: 0 }
    : { unit: found.unit, value: Math.floor(milliseconds / found.length) };
}

/** "5 min. ago", "now". */
export function age(time: string | undefined, now = Date.now()): string {
  if (time === undefined) {
    return vscode.l10n.t('unknown time');
  }
  const { unit, value } = elapsed(time, now);
  return new Intl.RelativeTimeFormat(vscode.env.language, { style: 'short', numeric: 'auto' }).format(-value, unit);
}

/** "5 min", for where "ago" goes without saying. */
export function duration(time: string, now = Date.now()): string {
  const { unit, value } = elapsed(time, now);
  return unit === 'second'
    ? vscode.l10n.t('now')
    : new Intl.NumberFormat(vscode.env.language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

export function dateTime(time: string | undefined): string {
  return time === undefined
    ? vscode.l10n.t('unknown time')
    : new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(time));
}

/** Start of the local day as a key that sorts and compares: equal for two times of one day. */
export function dayKey(time: string | undefined): string {
  return time === undefined ? '' : new Date(time).toDateString();
}

/** "Today", "Yesterday", or the date. */
export function dayLabel(time: string | undefined, now = Date.now()): string {
  if (time === undefined) {
    return vscode.l10n.t('Unknown Day');
  }
  const day = dayKey(time);
  if (day === new Date(now).toDateString()) {
    return vscode.l10n.t('Today');
  }
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return day === yesterday.toDateString()
    ? vscode.l10n.t('Yesterday')
    : new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium' }).format(new Date(time));
}

function number(value: number): string {
  return new Intl.NumberFormat(vscode.env.language).format(value);
}

export function fileSize(bytes: number): string {
  const step = 1024;
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / Math.log2(step)));
  const unit = units[power] ?? 'byte';
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(vscode.env.language, options).format(bytes / step ** power);
}

export function changesText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 change') : vscode.l10n.t('{0} changes', number(count));
}

export function filesText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 file') : vscode.l10n.t('{0} files', number(count));
}

export function turnsText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 turn') : vscode.l10n.t('{0} turns', number(count));
}

export function checkpointsText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 checkpoint') : vscode.l10n.t('{0} checkpoints', number(count));
}

/** "2 added, 3 deleted": only what there is. */
export function countsText({ added, modified, deleted }: ChangeCounts): string {
  const text = listText([
    added === 0 ? '' : vscode.l10n.t('{0} added', number(added)),
    modified === 0 ? '' : vscode.l10n.t('{0} modified', number(modified)),
    deleted === 0 ? '' : vscode.l10n.t('{0} deleted', number(deleted)),
  ]);
  return text === '' ? vscode.l10n.t('no changes') : text;
}

/** The texts that are not empty as one, separated as the person's language does it. */
export function listText(texts: readonly string[]): string {
  return new Intl.ListFormat(vscode.env.language, { type: 'unit', style: 'short' }).format(texts.filter(Boolean));
}

export function totalOf(counts: ChangeCounts): number {
  return counts.added + counts.modified + counts.deleted;
}

export function linesText(lines: LineCounts | undefined): string {
  return lines === undefined ? vscode.l10n.t('binary') : `+${number(lines.insertions)} −${number(lines.deletions)}`;
}
