import type { RestoreOutcome, RestoreProposal, RestoreQuestions } from '../app/restoreFiles.ts';
import { CheckpointError } from '../core/error.ts';
import type { ToolContext } from './agentTool.ts';
import { requireApproval } from './approval.ts';
import { count, named, reportFacts } from './describe.ts';
import { refusalText } from './refusal.ts';

/** The questions of a restore, answered by whoever decides for agents. A refusal is thrown, with its reason. */
export function restoreQuestions({ approve, saveEditors, now }: ToolContext, tool: string): RestoreQuestions {
  return {
    saveEditors,
    confirm: async (proposal) => {
      await requireApproval(approve, {
        tool,
        question: question(proposal, now),
        verb: proposal.kind === 'undo' ? 'Undo' : 'Restore',
        paths: proposal.plan.steps.map(({ path }) => path),
      });
      return true;
    },
  };
}

function question({ kind, target, plan, editedSince }: RestoreProposal, now: Date): string {
  const paths = count(plan.steps.length, 'path');
  const edited = editedSince.length === 0 ? '' : ` ${count(editedSince.length, 'of them')} changed since.`;
  return kind === 'undo'
    ? `An agent wants to undo the last restore: ${paths} would go back.${edited}`
    : `An agent wants to restore ${named(target, now)}: ${paths} would change.`;
}

/**
 * What a restore did, as JSON; `comesBack` is how the agent gets the state before.
 * @throws CheckpointError `conflict` when there was nothing to do, `notConfirmed` when unsaved editors were kept.
 */
export function restoreAnswer({ now }: ToolContext, outcome: RestoreOutcome, comesBack: string): string {
  if (!outcome.done) {
    throw notDone(outcome);
  }
  const { plan, report, safety } = outcome;
  return JSON.stringify({
    ...reportFacts(report, safety),
    left_alone: plan.refused.map(refusalText),
    next: [
      ...(report.failed.length > 0
        ? [`${count(report.failed.length, 'path')} failed: see why, then call it again.`]
        : []),
      'Read files again before you edit them.',
      `The state before is ${named(safety, now)}; ${comesBack} comes back to it.`,
    ].join(' '),
  });
}

function notDone(outcome: Extract<RestoreOutcome, { done: false }>): CheckpointError {
  if (outcome.why === 'declined') {
    return new CheckpointError('notConfirmed', 'The user has unsaved changes and kept them.', {
      hint: 'Nothing was changed.',
    });
  }
  const reasons = outcome.plan.refused.map(refusalText);
  return new CheckpointError('conflict', ['The files are in that state already.', ...reasons].join(' '));
}
