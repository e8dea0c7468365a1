import type { DefaultModes, Extras } from '../state/extras.ts';
import { COMMON_MODES } from '../state/extras.ts';
import type { FreshPath } from './pathReader.ts';

/** Permission bits of files in a new state, from those of the state before and what was read now. */
export function updateModes(
  before: Extras,
  fresh: ReadonlyMap<string, FreshPath>,
  dropped: Iterable<string>,
): ReadonlyMap<string, number> {
  const modes = new Map(before.modes);
  for (const path of dropped) {
    modes.delete(path);
  }
  for (const [path, found] of fresh) {
    modes.delete(path);
    if (found.kind === 'content' && found.mode !== '120000') {
      const usual = found.mode === '100755' ? before.defaults.executable : before.defaults.file;
      if (found.stat.permissions !== usual) {
        modes.set(path, found.stat.permissions);
      }
    }
  }
  return modes;
}

/** The most common permission bits among these; the usual ones where there are none. */
export function mostCommonModes(seen: {
  readonly files: Iterable<number>;
  readonly folders: Iterable<number>;
}): DefaultModes {
  const files = [...seen.files];
  return {
    file: mostCommon(files.filter((mode) => (mode & 0o100) === 0)) ?? COMMON_MODES.file,
    executable: mostCommon(files.filter((mode) => (mode & 0o100) !== 0)) ?? COMMON_MODES.executable,
    folder: mostCommon(seen.folders) ?? COMMON_MODES.folder,
  };
}

function mostCommon(modes: Iterable<number>): number | undefined {
  const counts = new Map<number, number>();
  for (const mode of modes) {
    counts.set(mode, (counts.get(mode) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
