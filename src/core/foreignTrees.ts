import type { Checkpoint } from './checkpoint.ts';
import type { SkippedPath } from './coverage.ts';
import type { Disposable } from './disposable.ts';
import type { OperationContext } from './operationContext.ts';
import type { StatePoint } from './restorePlan.ts';
import type { FileAccess } from './store.ts';

/** A state of the workspace folder that another tool holds as a git tree. */
export interface ForeignTree {
  /** Id of the folder's tree, 40 hexadecimal digits. */
  readonly id: string;
  readonly skipped: readonly SkippedPath[];
  /** Bytes; that a larger file is missing in the tree does not mean that it was not there. */
  readonly largestFile: number;
}

/** What people will read of a tree that is kept. */
export interface KeptAs {
  readonly label: string;
  readonly note: string;
  /** RFC 3339, an estimate; absent when nothing tells. */
  readonly createdAt?: string;
}

/**
 * What the files store does for a store whose checkpoints are trees in a git repository of another tool, which is only read.
 * Every method throws `corrupt` when that repository lacks an object of the tree.
 */
export interface ForeignTrees extends Disposable {
  /** Names the state without copying it: for `files` of this object. */
  state(tree: ForeignTree): Promise<StatePoint>;
  /** Looks into these states, and into those of the files store. */
  readonly files: FileAccess;
  /** Copies the state into the files store, which may lose it after half an hour. */
  take(tree: ForeignTree, context?: OperationContext): Promise<StatePoint>;
  /** Makes a checkpoint of the files store of it; one that was made of it before is given back as it is. */
  keep(tree: ForeignTree, as: KeptAs, context?: OperationContext): Promise<Checkpoint>;
}

/** Opens the trees in a repository with this folder of objects. */
export type OpenForeignTrees = (objectFolder: string) => ForeignTrees;
