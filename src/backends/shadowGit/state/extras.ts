import { z } from 'zod';
import type { SkippedPath } from '../../../core/coverage.ts';
import { foldersAbove } from '../../../platform/relativePath.ts';

/**
 * What git's trees cannot hold of a state, kept as one JSON blob beside the `workspace` tree. Only exceptions are listed,
 * with sorted keys, so that equal states have equal ids.
 *
 * The permission bits of folders are as fresh as the last capture that saw the folder or something directly in it change,
 * since nothing on disk tells cheaply of a folder's own change.
 */
export interface Extras {
  readonly defaults: DefaultModes;
  /** Permission bits of files where they differ from the defaults. */
  readonly modes: ReadonlyMap<string, number>;
  /** Folders that hold nothing captured, with their permission bits. */
  readonly emptyFolders: ReadonlyMap<string, number>;
  /** Permission bits of all other folders where they differ from the default. */
  readonly folderModes: ReadonlyMap<string, number>;
  readonly skipped: readonly SkippedPath[];
  /** Set where only a tree of git's was there to make the state of, made by another tool: nothing else is known of it. */
  readonly gitOnly?: GitOnly;
}

/** What a tool that keeps trees of git's alone leaves out besides `skipped`. */
export interface GitOnly {
  /** Bytes; larger files may be missing. */
  readonly largestFile: number;
}

/** Permission bits that go without saying: the most common ones, so that a umask does not list every file. */
export interface DefaultModes {
  readonly file: number;
  readonly executable: number;
  readonly folder: number;
}

export const COMMON_MODES: DefaultModes = { file: 0o644, executable: 0o755, folder: 0o755 };

export const NO_EXTRAS: Extras = {
  defaults: COMMON_MODES,
  modes: new Map(),
  emptyFolders: new Map(),
  folderModes: new Map(),
  skipped: [],
};

const OCTAL = /^[0-7]{1,4}$/;
const octal = z.string().regex(OCTAL).transform(fromOctal);

/** Not `z.record`, which leaves out a path called `__proto__`. */
const modeMap = z
  .custom<Record<string, string>>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((mode) => typeof mode === 'string' && OCTAL.test(mode)),
  )
  .transform((record) => new Map(Object.entries(record).map(([path, mode]) => [path, fromOctal(mode)])));

const formatSchema = z.object({ format: z.literal(1) });

const extrasSchema = z.object({
  defaults: z.object({ file: octal, executable: octal, folder: octal }),
  modes: modeMap,
  emptyFolders: modeMap,
  folderModes: modeMap,
  skipped: z.array(
    z.object({
      path: z.string(),
      reason: z.enum([
        'tooLarge',
        'unreadable',
        'changedWhileRead',
        'socket',
        'pipe',
        'device',
        'excludedSecret',
        'nestedRepository',
      ]),
      size: z.number().int().nonnegative().exactOptional(),
    }),
  ),
  gitOnly: z.object({ largestFile: z.number() }).exactOptional(),
});

/** @throws when the bytes are not extras of a format that this version knows. */
export function parseExtras(data: Uint8Array): Extras {
  const json: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  formatSchema.parse(json);
  return extrasSchema.parse(json);
}

export function serializeExtras(extras: Extras): Buffer {
  const { defaults } = extras;
  const json = {
    format: 1,
    defaults: {
      file: toOctal(defaults.file),
      executable: toOctal(defaults.executable),
      folder: toOctal(defaults.folder),
    },
    modes: sortedModes(extras.modes),
    emptyFolders: sortedModes(extras.emptyFolders),
    folderModes: sortedModes(extras.folderModes),
    skipped: extras.skipped
      .toSorted((a, b) => compareText(a.path, b.path))
      .map(({ path, reason, size }) => ({ path, reason, ...(size === undefined ? {} : { size }) })),
    ...(extras.gitOnly === undefined ? {} : { gitOnly: extras.gitOnly }),
  };
  return Buffer.from(`${JSON.stringify(json)}\n`, 'utf8');
}

/** Permission bits of a file that a tree lists with this git mode. */
export function fileMode(extras: Extras, path: string, executable: boolean): number {
  return extras.modes.get(path) ?? (executable ? extras.defaults.executable : extras.defaults.file);
}

/** Permission bits of a folder, empty or not. */
export function folderMode(extras: Extras, path: string): number {
  return extras.emptyFolders.get(path) ?? extras.folderModes.get(path) ?? extras.defaults.folder;
}

/** Empty folders and all above them: git's trees know nothing of a folder without any file below it. */
export function foldersAroundEmpty({ emptyFolders }: Extras): Set<string> {
  return new Set([...emptyFolders.keys()].flatMap((path) => [path, ...foldersAbove(path)]));
}

function sortedModes(modes: ReadonlyMap<string, number>): Record<string, string> {
  const sorted = [...modes].toSorted(([a], [b]) => compareText(a, b));
  return Object.fromEntries(sorted.map(([path, mode]) => [path, toOctal(mode)]));
}

function fromOctal(digits: string): number {
  return Number.parseInt(digits, 8);
}

function toOctal(mode: number): string {
  return mode.toString(8);
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
