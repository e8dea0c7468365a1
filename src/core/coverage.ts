/** Why a path could not be captured. Ignored files are not skipped: they are outside what a checkpoint holds. */
export type SkipReason =
  | 'tooLarge'
  | 'unreadable'
  | 'changedWhileRead'
  | 'socket'
  | 'pipe'
  | 'device'
  | 'excludedSecret'
  /** A repository inside of the folder, of which only the link to a commit is held. */
  | 'nestedRepository'
  /** Held as git's attributes and filters convert it, which need not be the bytes that were there. */
  | 'converted';

/** A path that belongs to what a checkpoint should hold, but is not in it. */
export interface SkippedPath {
  readonly path: string;
  readonly reason: SkipReason;
  /** Bytes; absent where the size is unknown or means nothing. */
  readonly size?: number;
}

/** What a checkpoint left out. Complete when nothing was skipped. */
export interface Coverage {
  readonly skipped: readonly SkippedPath[];
}

export const COMPLETE: Coverage = { skipped: [] };

/** `complete`, or `partial` when at least one path was skipped. */
export function coverageKind(coverage: Coverage): 'complete' | 'partial' {
  return coverage.skipped.length === 0 ? 'complete' : 'partial';
}
