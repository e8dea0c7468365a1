import { CheckpointError, type ErrorReason } from '../../core/error.ts';
import type { SandboxFindingCode, SandboxRestoreConsent, SandboxRestorePlan } from '../../core/sandbox.ts';
import type { WireInstance } from './incusWire.ts';
import type { Snapshot } from './snapshotCheckpoint.ts';

const REASONS: Partial<Record<SandboxFindingCode, ErrorReason>> = {
  notStopped: 'sandboxRunning',
  busy: 'busy',
  poolFull: 'commandFailed',
};

const HINTS: Partial<Record<SandboxFindingCode, string>> = {
  notStopped: 'Stop it, or have it stopped for the restore and started again.',
  laterCheckpoints: 'Agree to their deletion, or restore the newest.',
  sourceMissing: 'Create the folder again.',
  poolFull: 'Delete checkpoints, or enlarge the pool.',
};

/** Throws for the first thing that is in the way of a restore, or that it needs and the person did not agree to. */
export function refuse(
  plan: SandboxRestorePlan,
  target: Snapshot,
  instance: WireInstance,
  consent: SandboxRestoreConsent,
): void {
  if (consent.stateful && !target.wire.stateful) {
    throw new CheckpointError('unsupported', `The checkpoint "${target.checkpoint.label}" holds no memory.`);
  }
  const agreed: Partial<Record<SandboxFindingCode, boolean>> = {
    notStopped: consent.stop,
    laterCheckpoints: consent.deleteLater,
  };
  const inTheWay = plan.findings.filter(
    ({ severity, code }) => severity === 'blocker' || (severity === 'consent' && agreed[code] !== true),
  );
  const first = inTheWay.find(({ severity }) => severity === 'blocker') ?? inTheWay[0];
  if (first === undefined) {
    return;
  }
  const hint = HINTS[first.code];
  throw new CheckpointError(REASONS[first.code] ?? 'conflict', `${first.message} Nothing was changed.`, {
    ...(hint === undefined ? {} : { hint }),
    details: { code: first.code, sandbox: instance.name, state: plan.state },
  });
}
