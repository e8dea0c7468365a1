import { CheckpointError } from './error.ts';

/** Names that reach a backend: valid for old and new Incus, Capsem and git alike. */
export const NAME_RULE = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$/;

const LONGEST_NAME = 64;
const LONGEST_LABEL = 200;

/** The automatic name `snap-YYYYMMDD-HHMMSS` in local time. */
export function automaticName(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(time.getFullYear()).padStart(4, '0')}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `snap-${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/** Any text as a title: one line, no control characters, at most 200 characters. Empty when nothing is left. */
export function normalizeLabel(text: string): string {
  const oneLine = text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return [...oneLine].slice(0, LONGEST_LABEL).join('').trim();
}

/** A backend name made from a title: equal to it when it already keeps the rule; empty when nothing usable is left. */
export function nameFromLabel(label: string): string {
  if (NAME_RULE.test(label)) {
    return label;
  }
  const ascii = label.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  return ascii
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replaceAll(/^-+|-+$/g, '');
}

/** The first of `base`, `base-2`, `base-3`, … that is not taken; shortens `base` so that the rule holds. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  if (!NAME_RULE.test(base)) {
    throw new CheckpointError('usage', `"${base}" is not a valid checkpoint name.`);
  }
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = base.slice(0, LONGEST_NAME - suffix.length).replace(/[-_]+$/, '') + suffix;
    if (!taken.has(name)) {
      return name;
    }
  }
}
