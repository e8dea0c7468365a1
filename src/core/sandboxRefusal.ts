import { CheckpointError, type ErrorReason } from './error.ts';
import type { SandboxFindingCode, SandboxRestoreConsent, SandboxRestorePlan } from './sandbox.ts';

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

/** The first thing that is in the way of a restore, or that it needs and the person did not agree to. */
export function sandboxRefusal(
  plan: SandboxRestorePlan,
  consent: Pick<SandboxRestoreConsent, 'stop' | 'deleteLater'>,
): CheckpointError | undefined {
  const agreed: Partial<Record<SandboxFindingCode, boolean>> = {
    notStopped: consent.stop,
    laterCheckpoints: consent.deleteLater,
  };
  const inTheWay = plan.findings.filter(
    ({ severity, code }) => severity === 'blocker' || (severity === 'consent' && agreed[code] !== true),
  );
  const first = inTheWay.find(({ severity }) => severity === 'blocker') ?? inTheWay[0];
  if (first === undefined) {
    return undefined;
  }
  const hint = HINTS[first.code];
  return new CheckpointError(REASONS[first.code] ?? 'conflict', `${first.message} Nothing was changed.`, {
    ...(hint === undefined ? {} : { hint }),
    details: { code: first.code, sandbox: plan.sandbox, state: plan.state },
  });
}
