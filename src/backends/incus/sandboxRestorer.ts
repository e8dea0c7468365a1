import type { StoreState } from '../../core/backend.ts';
import { CheckpointError, isCheckpointError, throwIfCancelled } from '../../core/error.ts';
import { freeName } from '../../core/label.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type {
  SandboxRestoreConsent,
  SandboxRestorePlan,
  SandboxRestorer,
  SandboxRestoreReport,
} from '../../core/sandbox.ts';
import { sandboxRefusal } from '../../core/sandboxRefusal.ts';
import type { Clock } from '../../platform/clock.ts';
import { factsOf } from '../../platform/dataFiles.ts';
import { changeInstanceState } from './changeInstanceState.ts';
import { hostMounts, stateOf } from './container.ts';
import { createNow } from './createSnapshotCheckpoint.ts';
import { createSnapshot, deleteSnapshot, getInstance, restoreSnapshot } from './incusRequests.ts';
import { instanceSchema, type WireInstance } from './incusWire.ts';
import { type InstanceAccess, type InstanceNow, requireSnapshot } from './instanceAccess.ts';
import { poolFacts } from './poolFacts.ts';
import { planSandboxRestore } from './restorePreflight.ts';
import type { Snapshot } from './snapshotCheckpoint.ts';

export function createSandboxRestorer(access: InstanceAccess, clock: Clock): SandboxRestorer {
  return {
    plan: async (target, context) => plan(access, await access.read(context), target, context),
    apply: (target, consent, context) =>
      access.change(async (now) => {
        const planned = await plan(access, now, target, context);
        refuse(planned, requireSnapshot(now, target), consent);
        return new SandboxRestore(access, clock, now, planned, consent).run(context);
      }, context),
  };
}

function refuse(planned: SandboxRestorePlan, target: Snapshot, consent: SandboxRestoreConsent): void {
  if (consent.stateful && !target.wire.stateful) {
    throw new CheckpointError('unsupported', `The checkpoint "${target.checkpoint.label}" holds no memory.`);
  }
  const refusal = sandboxRefusal(planned, consent);
  if (refusal !== undefined) {
    throw refusal;
  }
}

async function plan(
  access: InstanceAccess,
  now: InstanceNow,
  id: string,
  context?: OperationContext,
): Promise<SandboxRestorePlan> {
  const target = requireSnapshot(now, id);
  const [pool, missingSources] = await Promise.all([
    poolFacts(access.client, now.volume.pool, context),
    missingFolders(target),
  ]);
  return planSandboxRestore({ ...now, target, pool, missingSources });
}

async function missingFolders({ wire }: Snapshot): Promise<readonly string[]> {
  const sources = hostMounts(wire.expanded_devices).map(({ source }) => source);
  const facts = await Promise.all(sources.map((source) => factsOf(source)));
  return sources.filter((_, index) => facts[index] === undefined);
}

/** One restore: its steps forward, and back when one of them fails. */
class SandboxRestore {
  readonly #access: InstanceAccess;
  readonly #clock: Clock;
  readonly #now: InstanceNow;
  readonly #plan: SandboxRestorePlan;
  readonly #consent: SandboxRestoreConsent;
  readonly #target: Snapshot;
  readonly #deleted: string[] = [];
  #safety: { readonly id: string; readonly name: string } | undefined;
  #begun = false;

  constructor(
    access: InstanceAccess,
    clock: Clock,
    now: InstanceNow,
    planned: SandboxRestorePlan,
    consent: SandboxRestoreConsent,
  ) {
    this.#access = access;
    this.#clock = clock;
    this.#now = now;
    this.#plan = planned;
    this.#consent = consent;
    this.#target = requireSnapshot(now, planned.target);
  }

  async run(context?: OperationContext): Promise<SandboxRestoreReport> {
    try {
      await this.#prepare(context);
      await this.#restore(context);
      await this.#startAgain(context);
    } catch (error) {
      throw await this.#rollBack(error, context);
    }
    const instance = await this.#look();
    return {
      target: this.#plan.target,
      state: stateOf(instance),
      ...(this.#safety === undefined ? {} : { safetyCheckpoint: this.#safety.id }),
      deleted: this.#deleted,
      warnings: warningsAbout(this.#now.instance, instance),
    };
  }

  async #prepare(context?: OperationContext): Promise<void> {
    const { instance } = this.#now;
    await this.#checkRoom(context);
    await changeInstanceState(this.#access, instance, 'stop', context);
    throwIfCancelled(context?.signal);
    const stopped = await this.#access.read(context);
    if (stateOf(stopped.instance) !== 'stopped') {
      throw new CheckpointError(
        'sandboxRunning',
        `The container "${instance.name}" was started again by somebody else.`,
      );
    }
    requireSnapshot(stopped, this.#plan.target);
    if (this.#consent.safety && this.#plan.later.length === 0) {
      const label = `Before restoring ${this.#target.checkpoint.label}`;
      const { id, name } = await createNow(this.#access, stopped, this.#clock, { origin: 'safety', label }, context);
      this.#safety = { id, name };
    }
    throwIfCancelled(context?.signal);
    for (const id of this.#plan.later) {
      await this.#access.client.run(deleteSnapshot(instance.name, requireSnapshot(stopped, id).wire.name), context);
      this.#deleted.push(id);
    }
  }

  /**
   * In a pool that is really full a container that was stopped cannot be started again, and the numbers that Incus has
   * do not tell. Making a snapshot does, and costs next to nothing except where it is a full copy.
   */
  async #checkRoom(context?: OperationContext): Promise<void> {
    const { instance, snapshots } = this.#now;
    const copies = this.#plan.findings.some(({ code }) => code === 'slowStorage');
    if (stateOf(instance) !== 'stopped' && !copies) {
      const name = freeName('room-check', new Set(snapshots.map(({ wire }) => wire.name)));
      await this.#access.client.run(createSnapshot(instance.name, name, false), context);
      await this.#access.client.run(deleteSnapshot(instance.name, name));
    }
  }

  /** Not cancelled any more: a restore that is left alone half-way is worse than one that nobody wants. */
  async #restore(context?: OperationContext): Promise<void> {
    const { name } = this.#now.instance;
    context?.onProgress?.({ message: `Restoring ${name} to "${this.#target.checkpoint.label}"` });
    this.#begun = true;
    await this.#access.client.run(restoreSnapshot(name, this.#target.wire.name, this.#consent.stateful));
  }

  async #startAgain(context?: OperationContext): Promise<void> {
    if (stateOf(this.#now.instance) !== 'stopped') {
      await changeInstanceState(this.#access, await this.#look(), 'start', withoutCancel(context));
    }
  }

  /** Returns to the state before; what is thrown tells in which state that left the sandbox. */
  async #rollBack(error: unknown, context?: OperationContext): Promise<unknown> {
    // A step that may still be going on in Incus must not meet another one.
    const mayGoOn = isCheckpointError(error) && error.details['outcome'] === 'unknown';
    try {
      if (!mayGoOn) {
        await this.#stepsBack(context);
      }
    } catch {
      // The state that this leaves is told below; the first failure is the one to tell about.
    }
    return failureWithState(error, this.#now.instance.name, await this.#stateNow(), this.#deleted);
  }

  async #stepsBack(context?: OperationContext): Promise<void> {
    if (this.#begun && this.#safety !== undefined) {
      context?.onProgress?.({ message: 'Going back to the state before' });
      await this.#access.client.run(restoreSnapshot(this.#now.instance.name, this.#safety.name, false));
    }
    await this.#startAgain(context);
  }

  async #stateNow(): Promise<StoreState> {
    try {
      return stateOf(await this.#look());
    } catch {
      return 'unavailable';
    }
  }

  #look(): Promise<WireInstance> {
    return this.#access.client.read(getInstance(this.#now.instance.name), instanceSchema);
  }
}

function withoutCancel(context: OperationContext | undefined): OperationContext {
  return context?.onProgress === undefined ? {} : { onProgress: context.onProgress };
}

function failureWithState(error: unknown, name: string, state: StoreState, deleted: readonly string[]): unknown {
  if (!(error instanceof CheckpointError)) {
    return error;
  }
  const { reason, message, hint, details } = error;
  const left = state === 'unavailable' ? 'cannot be asked now' : `is ${state}`;
  return new CheckpointError(reason, `${message} The container "${name}" ${left}.`, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...details, state, deleted },
    cause: error,
  });
}

function warningsAbout(before: WireInstance, after: WireInstance): readonly string[] {
  const now = hostMounts(after.expanded_devices);
  const lost = hostMounts(before.expanded_devices).filter(
    ({ source, path }) => !now.some((mount) => mount.source === source && mount.path === path),
  );
  return lost.map(({ source, path }) => `The folder ${source} is not mounted at ${path} any more.`);
}
