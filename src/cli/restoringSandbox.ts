import type { SandboxProposal, SandboxQuestions } from '../app/restoreSandbox.ts';
import type { SandboxDrift, SandboxRestoreReport } from '../core/sandbox.ts';
import { type Answer, type Call, printLines } from './command.ts';
import { confirm } from './confirm.ts';
import { checkpointJson } from './json.ts';
import { shortId, titleOf } from './messages.ts';
import { visible } from './text.ts';

/** The questions of restoring a sandbox as the command line asks them. */
export function sandboxQuestions(call: Call, yes: boolean, mayStop: boolean): SandboxQuestions {
  return {
    mayStop,
    confirm: async (proposal) => {
      await confirm(call, yes, {
        lines: proposalLines(proposal),
        what: whatOf(proposal),
        preview: '--dry-run tells what would happen.',
      });
      return true;
    },
  };
}

/** What restoring a sandbox would do. */
export function sandboxPreviewAnswer(call: Call, proposal: SandboxProposal): Answer {
  return {
    json: () => ({ from: 'now', to: proposal.target.id, changes: [], sandbox: planJson(proposal) }),
    human: async () => {
      await printLines(call, proposalLines(proposal));
      call.terminal.say(`${whatOf(proposal)}\n`);
    },
  };
}

/** What became of the sandbox, in the form of every restore: no path of the workspace is touched. */
export function sandboxReportAnswer(call: Call, name: string, report: SandboxRestoreReport): Answer {
  return {
    json: () => ({
      restored: [],
      deleted: [],
      failed: [],
      safetyCheckpoint: report.safetyCheckpoint ?? null,
      sandbox: {
        name,
        state: report.state,
        deletedCheckpoints: report.deleted,
        warnings: report.warnings,
      },
    }),
    human: () => printLines(call, reportLines(name, report)),
  };
}

function planJson({ plan, later }: SandboxProposal) {
  return {
    name: plan.sandbox,
    state: plan.state,
    drift: plan.drift.map(({ kind, name, now, target }) => ({ kind, name, now: now ?? null, target: target ?? null })),
    laterCheckpoints: later.map(checkpointJson),
    findings: plan.findings.map(({ severity, code, message }) => ({ severity, code, message })),
  };
}

function whatOf({ target, plan }: SandboxProposal): string {
  const what = `"${visible(plan.sandbox)}" to ${titleOf(target)}`;
  return plan.state === 'stopped' ? `Restore ${what}` : `Stop, restore and start ${what}`;
}

const SIGNS = { info: '', warning: 'WARNING ', consent: '', blocker: 'NOT POSSIBLE ' } as const;

function proposalLines({ plan, later }: SandboxProposal): string[] {
  return [
    ...plan.findings.map(({ severity, message }) => `${SIGNS[severity]}${visible(message)}`),
    ...later.map((checkpoint) => `deleted: ${titleOf(checkpoint)}`),
    ...plan.drift.map(driftLine),
  ];
}

function driftLine({ kind, name, now, target }: SandboxDrift): string {
  return visible(`${kind} ${name}: ${now ?? '(none)'} -> ${target ?? '(none)'}`);
}

function reportLines(name: string, report: SandboxRestoreReport): string[] {
  const { state, safetyCheckpoint, warnings } = report;
  return [
    ...warnings.map((warning) => `WARNING ${visible(warning)}`),
    `Restored "${visible(name)}"; it is ${state}.`,
    ...(safetyCheckpoint === undefined
      ? []
      : [`The state before is checkpoint ${visible(shortId(safetyCheckpoint))}; restore that to go back to it.`]),
  ];
}
