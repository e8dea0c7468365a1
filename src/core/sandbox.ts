import type { StoreState } from './backend.ts';
import type { Capability } from './capabilities.ts';
import type { OperationContext } from './operationContext.ts';

/** The container or virtual machine that a store's checkpoints are of. */
export interface Sandbox {
  /** Its own name, as its tool knows it. */
  readonly name: string;
  describe(context?: OperationContext): Promise<SandboxDescription>;
  readonly changeState: Capability<ChangeSandboxState>;
  readonly restore: Capability<SandboxRestorer>;
  readonly expiry: Capability<CheckpointExpiry>;
}

/** Facts for people, read anew at each call. */
export interface SandboxDescription {
  readonly state: StoreState;
  /** The tool that made it: "Clincus", "COI", "Incus". */
  readonly tool: string;
  /** False when its tool deletes it once it is found stopped; absent where that is not known. */
  readonly persistent?: boolean;
  /** Why checkpoints cannot hold its running memory; absent when they can. */
  readonly notStateful?: string;
  /** Where its disk is kept. */
  readonly storage: { readonly driver: string; readonly usedBytes: number; readonly totalBytes: number };
}

export type SandboxAction = 'start' | 'stop' | 'freeze' | 'unfreeze';

/** Resolves to the state it is in afterwards. An action that changes nothing is no error. */
export type ChangeSandboxState = (action: SandboxAction, context?: OperationContext) => Promise<StoreState>;

/** Checkpoints that the backend removes by itself at a given time (RFC 3339); undefined is never. */
export interface CheckpointExpiry {
  read(checkpoint: string): Promise<string | undefined>;
  write(checkpoint: string, expiresAt: string | undefined): Promise<void>;
}

/** Putting a sandbox's root file system back. Workspace files are not part of it and stay as they are. */
export interface SandboxRestorer {
  /** What would happen, from reads only. Throws `notFound` for an unknown checkpoint or a vanished sandbox. */
  plan(target: string, context?: OperationContext): Promise<SandboxRestorePlan>;
  /**
   * Plans again, then does it as one operation: stop, safety checkpoint, restore, start as it was before. A step that
   * fails takes the steps before it back. Cancelling works until the restore itself begins.
   * @throws CheckpointError `sandboxRunning` when it is not stopped and `consent.stop` is false; `conflict`, `busy`,
   * `unsupported` for what the plan says stands in the way. Nothing has changed then. Any later failure has
   * `details.state`: the state in which the sandbox was left.
   */
  apply(target: string, consent: SandboxRestoreConsent, context?: OperationContext): Promise<SandboxRestoreReport>;
}

/** What the person agreed to. */
export interface SandboxRestoreConsent {
  /** Stop the sandbox for the restore, and start it again afterwards. */
  readonly stop: boolean;
  /** Delete the plan's `later` checkpoints, where the storage cannot go back without that. */
  readonly deleteLater: boolean;
  /** Keep the present state as a safety checkpoint. */
  readonly safety: boolean;
  /** Bring the running memory back too. Only for a stateful checkpoint. */
  readonly stateful: boolean;
}

export interface SandboxRestorePlan {
  readonly target: string;
  /** Name of the sandbox. */
  readonly sandbox: string;
  readonly state: StoreState;
  /** Settings and devices that go back with the disk. */
  readonly drift: readonly SandboxDrift[];
  /** Ids of checkpoints that must be deleted for this restore to be possible. */
  readonly later: readonly string[];
  readonly findings: readonly SandboxFinding[];
}

/** One setting or device that is not the same now as at the checkpoint. Absent means that it is not there. */
export interface SandboxDrift {
  readonly kind: 'config' | 'device';
  readonly name: string;
  readonly now?: string;
  readonly target?: string;
}

export interface SandboxFinding {
  /** `consent`: possible when the person agrees to it. `blocker`: not possible. */
  readonly severity: 'info' | 'warning' | 'consent' | 'blocker';
  readonly code: SandboxFindingCode;
  /** One or two sentences for people. */
  readonly message: string;
}

export type SandboxFindingCode =
  | 'workspaceNotHeld'
  | 'notStopped'
  | 'notPersistent'
  | 'ephemeral'
  | 'busy'
  | 'sourceMissing'
  | 'poolFull'
  | 'poolNearlyFull'
  | 'slowStorage'
  | 'laterCheckpoints'
  | 'noSafetyCheckpoint';

export interface SandboxRestoreReport {
  readonly target: string;
  /** The state in which the sandbox is now. */
  readonly state: StoreState;
  /** The state before the restore, as a checkpoint. */
  readonly safetyCheckpoint?: string;
  /** Ids of later checkpoints that were deleted. */
  readonly deleted: readonly string[];
  /** What a look at it afterwards found wrong, one sentence each. */
  readonly warnings: readonly string[];
}
