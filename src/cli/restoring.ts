import type { FoundCheckpoint } from '../app/findCheckpoint.ts';
import type { RestoreOutcome, RestoreProposal, RestoreQuestions } from '../app/restoreFiles.ts';
import { countChanges } from '../core/change.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { type FailedPath, NOW, type RestorePlan, type RestoreReport } from '../core/restorePlan.ts';
import { type Answer, type Call, printLines } from './command.ts';
import { confirm } from './confirm.ts';
import { changesJson } from './json.ts';
import { EXIT, refusalText, shortId, titleOf } from './messages.ts';
import { changeLine, count, countsSentence, firstLines, visible } from './text.ts';

const MOST_PATHS = 20;

/** The questions of a restore as the command line asks them. It knows nothing of editors. */
export function confirmationOf(call: Call, yes: boolean): RestoreQuestions {
  return {
    saveEditors: async () => true,
    confirm: async (proposal) => {
      await confirm(call, yes, {
        lines: [...planLines(call, proposal.plan), ...editedLines(proposal)],
        what: whatOf(proposal),
        ...(proposal.kind === 'restore' || proposal.kind === 'revert' ? { preview: '--dry-run lists the paths.' } : {}),
      });
      return true;
    },
  };
}

const VERBS = {
  restore: (title: string) => `Restore ${title}`,
  revert: (title: string) => `Revert to ${title}`,
  undo: () => 'Undo',
  redo: () => 'Redo',
} as const;

function whatOf({ kind, target, plan, editedSince }: RestoreProposal): string {
  const edited = editedSince.length === 0 ? '' : `, ${editedSince.length} of them edited since`;
  return `${VERBS[kind](titleOf(target))}: ${countsSentence(countChanges(plan.steps))}${edited}`;
}

function editedLines({ editedSince }: RestoreProposal): string[] {
  const paths = firstLines(
    editedSince.map((path) => `  ${visible(path)}`),
    MOST_PATHS,
  );
  return paths.length === 0 ? [] : ['Edited since; the edits stay in a safety checkpoint:', ...paths];
}

function planLines({ terminal }: Call, { steps, refused }: RestorePlan): string[] {
  return [
    ...firstLines(
      steps.map((step) => changeLine(terminal, step)),
      MOST_PATHS,
    ),
    ...refused.map(({ path, why }) => `left alone: ${visible(path)} (${refusalText(why)})`),
  ];
}

/** A plan that is only shown. */
export interface Preview {
  readonly target: FoundCheckpoint;
  readonly plan: RestorePlan;
}

/** One question for several steps, before the first of them. */
export async function confirmPreviews(call: Call, yes: boolean, previews: readonly Preview[]): Promise<void> {
  const changes = previews.flatMap(({ plan }) => plan.steps);
  await confirm(call, yes, {
    lines: previews.flatMap(({ target, plan }) => [`${titleOf(target.checkpoint)}:`, ...planLines(call, plan)]),
    what: `Revert to ${count(previews.length, 'checkpoint')}: ${countsSentence(countChanges(changes))}`,
    preview: '--dry-run lists the paths.',
  });
}

/** What a restore would do, path by path. */
export function previewAnswer(call: Call, previews: readonly Preview[]): Answer {
  const steps = previews.flatMap(({ plan }) => plan.steps);
  const targets = previews.map(({ target }) => target.checkpoint);
  const [only, ...others] = targets;
  return {
    // Files that go back to different checkpoints have no one end that all of them share.
    json: () => ({ from: NOW, to: others.length === 0 ? (only?.id ?? null) : null, changes: changesJson(steps) }),
    human: async () => {
      for (const { target, plan } of previews) {
        await printLines(call, planLines(call, plan));
        call.terminal.say(`${titleOf(target.checkpoint)}: ${countsSentence(countChanges(plan.steps))}\n`);
      }
    },
  };
}

type Done = Extract<RestoreOutcome, { done: true }>;

/** What was restored, deleted and not restored, in one or several steps; `failed` are paths of steps that came to nothing. */
export function outcomeAnswer(
  call: Call,
  outcomes: readonly RestoreOutcome[],
  failed: readonly FailedPath[] = [],
): Answer {
  const done = outcomes.filter((outcome): outcome is Done => outcome.done);
  const plans = outcomes.flatMap((outcome) => ('plan' in outcome ? [outcome.plan] : []));
  const report = joinReports([...done.map((outcome) => outcome.report), { restored: [], deleted: [], failed }], plans);
  const safety = done[0]?.safety;
  return {
    json: () => ({ ...report, safetyCheckpoint: safety?.id ?? null }),
    human: () => printLines(call, [...reportLines(report, safety), ...keptLines(plans)]),
    exitCode: report.failed.length === 0 ? EXIT.done : EXIT.failed,
  };
}

/** What could not be captured was asked for and not restored, so it counts as failed. */
function joinReports(reports: readonly RestoreReport[], plans: readonly RestorePlan[]): RestoreReport {
  const uncaptured = plans.flatMap(({ refused }) => refused).filter(({ why }) => why.kind === 'notCaptured');
  return {
    restored: reports.flatMap(({ restored }) => restored),
    deleted: reports.flatMap(({ deleted }) => deleted),
    failed: [
      ...reports.flatMap(({ failed }) => failed),
      ...uncaptured.map(({ path, why }) => ({ path, reason: `It was left alone: ${refusalText(why)}.` })),
    ],
  };
}

function reportLines({ restored, deleted, failed }: RestoreReport, safety: Checkpoint | undefined): string[] {
  const failures = failed.map(({ path, reason }) => `FAILED ${visible(path)}: ${visible(reason)}`);
  if (safety === undefined) {
    return [...failures, ...(failures.length === 0 ? ['Everything is so already; nothing was changed.'] : [])];
  }
  const deletions = deleted.length === 0 ? '' : `, deleted ${deleted.length}`;
  return [
    ...failures,
    `Restored ${count(restored.length, 'path')}${deletions}${failed.length === 0 ? '' : `, failed ${failed.length}`}.`,
    `The state before is checkpoint ${visible(shortId(safety.id))}; "checkpoints undo" goes back to it.`,
  ];
}

/** What stays because its absence at the checkpoint means nothing. */
function keptLines(plans: readonly RestorePlan[]): string[] {
  return plans
    .flatMap(({ refused }) => refused)
    .filter(({ why }) => why.kind !== 'notCaptured')
    .map(({ path, why }) => `Kept ${visible(path)}: ${refusalText(why)}.`);
}
