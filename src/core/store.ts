import type { StoreInfo } from './backend.ts';
import type { Capability } from './capabilities.ts';
import type { Change, Entry, LineCounts } from './change.ts';
import type { Checkpoint, Origin } from './checkpoint.ts';
import type { DiskUse } from './diskUse.ts';
import type { Disposable } from './disposable.ts';
import type { Event } from './event.ts';
import type { FileVersion } from './fileHistory.ts';
import type { OperationContext } from './operationContext.ts';
import type { RestorePlan, RestoreReport, StatePoint } from './restorePlan.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * The open holder of one workspace folder's checkpoints: the port that every backend implements. What a store cannot do
 * is a capability with a reason, never a method that fails.
 */
export interface CheckpointStore extends Disposable {
  readonly info: StoreInfo;
  readonly capabilities: Capabilities;
  /** Fires when the list, a checkpoint or `info` may have changed, by this process or another. */
  readonly onDidChange: Event<void>;
  /** Newest first. */
  list(context?: OperationContext): Promise<readonly Checkpoint[]>;
}

/** What a store can do. The keys are the words that the command line's JSON and the UI use. */
export interface Capabilities {
  readonly create: Capability<CreateCheckpoint>;
  /** Looking into checkpoints: changes, contents, differences, history of a file. */
  readonly files: Capability<FileAccess>;
  /** Putting workspace files back. */
  readonly restoreFiles: Capability<FileRestorer>;
  /** Changing name, note and pin. */
  readonly annotate: Capability<AnnotateCheckpoint>;
  readonly delete: Capability<DeleteCheckpoints>;
  readonly compact: Capability<CompactCheckpoints>;
  readonly maintain: Capability<Maintenance>;
  /** The container or virtual machine that the checkpoints are of. */
  readonly sandbox: Capability<Sandbox>;
  /** Copying checkpoints that another tool may remove into the store of the files. */
  readonly keep: Capability<KeepCheckpoint>;
}

export interface CreateRequest {
  /**
   * A `safety` request that finds nothing changed since the newest checkpoint may resolve to that one instead of making its
   * own, unless that is a safety checkpoint too: whoever asked for that one may delete it.
   */
  readonly origin: Origin;
  /** A title; without one the name is automatic. */
  readonly label?: string;
  readonly note?: string;
  /** Make nothing when nothing differs from the newest checkpoint. */
  readonly ifChanged?: boolean;
  /**
   * A checkpoint that is about to be restored: what it holds is captured now too, even where ignore rules or the size
   * limit leave it out today, so that the restore cannot overwrite anything uncaptured.
   */
  readonly covering?: string;
  /** Also hold the running memory of the sandbox. */
  readonly stateful?: boolean;
  /** Joins it with the parts in other stores that have the same. */
  readonly pairId?: string;
  /** A state that `FileAccess.see` gave, to be kept instead of the present one; `notFound` when the store lost it. */
  readonly state?: StatePoint;
}

/** Resolves to the checkpoint, or to undefined for `ifChanged` without a change. It is durable when this resolves. */
export type CreateCheckpoint = (request: CreateRequest, context?: OperationContext) => Promise<Checkpoint | undefined>;

/** Reading states. Every method throws `notFound` for an unknown checkpoint and `corrupt` where an object is missing. */
export interface FileAccess {
  /**
   * Captures the folder as it is now without making a checkpoint, and names that state. The store may lose it after half
   * an hour.
   */
  see(context?: OperationContext): Promise<StatePoint>;
  /** The difference between two states, sorted by path. */
  changes(from: StatePoint, to: StatePoint, context?: OperationContext): Promise<readonly Change[]>;
  /** What a checkpoint changed against the one before it in this store (everything, for the first). Sorted by path. */
  changesIn(checkpoint: string, context?: OperationContext): Promise<readonly Change[]>;
  /** A unified diff as bytes, of all paths or of these files and folders. */
  diff(
    from: StatePoint,
    to: StatePoint,
    paths: readonly string[],
    context?: OperationContext,
  ): AsyncIterable<Uint8Array>;
  lineCounts(from: StatePoint, to: StatePoint, path: string): Promise<LineCounts | undefined>;
  /** Undefined when the path does not exist in that state. A folder is an entry too. */
  entry(at: StatePoint, path: string): Promise<Entry | undefined>;
  /** The bytes of a file, or the target of a symlink. Throws `notFound` when it does not exist there. */
  read(at: StatePoint, path: string): Promise<Uint8Array>;
  /** One entry per checkpoint, newest first; empty for a path that no checkpoint ever held. */
  history(path: string, context?: OperationContext): Promise<readonly FileVersion[]>;
}

/** Putting files back. The protocol around it (safety checkpoint, confirmation, report) is the application's. */
export interface FileRestorer {
  /** Throws `corrupt` or `notFound` when it can be told before any work that `target` cannot be restored. */
  check(target: string, context?: OperationContext): Promise<void>;
  /**
   * What turns the state `now` into `target`, limited to these files and folders unless `paths` is empty.
   * `now` is a safety checkpoint made with `covering: target`, or NOW for a plan that is only shown.
   * Throws `corrupt` unless every content that the plan needs is there.
   */
  plan(target: string, now: StatePoint, paths: readonly string[], context?: OperationContext): Promise<RestorePlan>;
  /** Does the plan under a journal and verifies what it wrote. One failing path stops nothing else. */
  apply(plan: RestorePlan, context?: OperationContext): Promise<RestoreReport>;
  /** A restore that another process began and did not end. */
  interrupted(): Promise<InterruptedRestore | undefined>;
  /** Ends an interrupted restore: `finish` goes on to its target, `rollBack` returns to the state before it. */
  recover(how: 'finish' | 'rollBack', context?: OperationContext): Promise<RestoreReport>;
}

export interface InterruptedRestore {
  readonly target: string;
  readonly now: StatePoint;
  readonly startedAt: string;
  /** Paths of the whole plan. */
  readonly paths: readonly string[];
}

export interface Annotation {
  readonly label?: string;
  readonly note?: string;
  readonly pinned?: boolean;
}

/** Changes what is said about a checkpoint, never what it holds; its id stays. */
export type AnnotateCheckpoint = (
  checkpoint: string,
  annotation: Annotation,
  context?: OperationContext,
) => Promise<Checkpoint>;

/** Deletes all of these, or throws having deleted none that it does not name in `details.deleted`. */
export type DeleteCheckpoints = (checkpoints: readonly string[], context?: OperationContext) => Promise<void>;

/**
 * Makes one checkpoint of several and deletes those: the state of the newest, with the history between them gone.
 * Throws without deleting any source when the result could not be made.
 */
export type CompactCheckpoints = (
  checkpoints: readonly string[],
  label: string | undefined,
  context?: OperationContext,
) => Promise<Checkpoint>;

/**
 * Makes a checkpoint of the files store of one that another tool holds; of the same one always the same.
 * Throws `notFound` when the other tool has removed it meanwhile.
 */
export type KeepCheckpoint = (checkpoint: string, context?: OperationContext) => Promise<Checkpoint>;

/** Care of the store itself. */
export interface Maintenance {
  examine(context?: OperationContext): Promise<DoctorReport>;
  diskUse(context?: OperationContext): Promise<DiskUse>;
  /** Repairs what is safe to repair and returns what is left. */
  repair(context?: OperationContext): Promise<DoctorReport>;
}

export interface DoctorReport {
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error';
  /** Short and stable, for scripts: `gitVersion`, `staleLock`, `missingObject`, … */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
  /** Whether `repair` would mend it. */
  readonly repairable: boolean;
}
