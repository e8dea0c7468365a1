import type { Backend } from './backend.ts';
import type { ChangeCounts } from './change.ts';
import type { Coverage } from './coverage.ts';

/** Who asked for a checkpoint: `safety` ones are made by us before a restore, `foreign` ones by another tool. */
export type Origin = 'manual' | 'auto' | 'agent' | 'safety' | 'foreign';

/** What a checkpoint holds: the files of the workspace folder, the root file system of the sandbox, or both. */
export type Scope = 'workspace' | 'sandbox';

/** A point that one can compare with and return to. Plain data. */
export interface Checkpoint {
  /** Never changes and is never used again within its store. */
  readonly id: string;
  /** Id of the store that holds it. */
  readonly store: string;
  readonly backend: Backend;
  /** The backend's name for it, by the rule of `label.ts` unless another tool made it. */
  readonly name: string;
  /** What people call it: any text on one line. Equal to `name` when nobody gave a title. */
  readonly label: string;
  /** Free text, may be empty, may have several lines. */
  readonly note: string;
  /** RFC 3339 with milliseconds, in UTC. Absent when the backend cannot tell. */
  readonly createdAt?: string;
  /** False where `createdAt` is an estimate. */
  readonly exactTime: boolean;
  readonly origin: Origin;
  readonly scope: readonly Scope[];
  /** Whether it holds the running memory of the sandbox as well. */
  readonly stateful: boolean;
  /** Pinned ones are never removed by retention, and by "delete all" only when named. */
  readonly pinned: boolean;
  /** The same for the parts of one paired checkpoint. */
  readonly pairId?: string;
  /** Changes against the checkpoint before it in the same store; absent when the store cannot tell. */
  readonly changes?: ChangeCounts;
  readonly coverage: Coverage;
}
