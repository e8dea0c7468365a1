import type { LocatedVersion } from '../../app/fileVersions.ts';
import type { Change } from '../../core/change.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { CheckpointStore } from '../../core/store.ts';
import type { Comparison } from '../comparison.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { GroupKind } from './groups.ts';

export interface StoreRow {
  readonly kind: 'store';
  readonly open: OpenFolder;
  /** Replaced when it was opened again. */
  store: CheckpointStore;
}

/** What changed since the newest checkpoint. */
export interface NowRow {
  readonly kind: 'now';
  readonly open: OpenFolder;
}

export interface GroupRow {
  readonly kind: GroupKind;
  readonly open: OpenFolder;
  readonly store: CheckpointStore;
  /** The key of the group. */
  readonly key: string;
  /** Newest first. Replaced when there are others. */
  members: readonly Checkpoint[];
}

export interface CheckpointRow {
  readonly kind: 'checkpoint';
  readonly open: OpenFolder;
  /** Replaced when something is said anew about it, so that VS Code knows the row by its identity. */
  checkpoint: Checkpoint;
}

/** A changed file below a checkpoint or below "Now". */
export interface ChangeRow {
  readonly kind: 'change' | 'nowChange';
  readonly comparison: Comparison;
  readonly open: OpenFolder;
  readonly change: Change;
  /** The checkpoint below which it is, or for "Now" the newest. */
  readonly checkpoint: Checkpoint;
}

/** One version of the file in the File History view or in VS Code's Timeline. */
export interface VersionRow {
  readonly kind: 'version';
  readonly open: OpenFolder;
  readonly path: string;
  readonly checkpoint: Checkpoint;
  readonly located: LocatedVersion;
  /** The checkpoint with the version before; absent for the first. */
  readonly previous: LocatedVersion | undefined;
}

export type TreeRow = StoreRow | NowRow | GroupRow | CheckpointRow | ChangeRow;
export type Row = TreeRow | VersionRow;

/** The change that a version made to its file. */
export function versionChange(row: VersionRow): Change {
  const before = row.previous?.version.entry;
  const after = row.located.version.entry;
  const { kind } = row.located.version;
  return {
    path: row.path,
    kind: kind === 'unchanged' ? 'modified' : kind,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** From the version before to this one. */
export function versionComparison(row: VersionRow): Comparison {
  const { open, checkpoint, previous } = row;
  return { open, store: open.storeOf(checkpoint), from: previous?.checkpoint.id, to: checkpoint.id };
}
