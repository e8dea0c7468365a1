import * as vscode from 'vscode';
import type { RestoreOutcome, RestoreProposal, RestoreQuestions } from '../../app/restoreFiles.ts';
import { countChanges } from '../../core/change.ts';
import { NOW, type FailedPath, type RefusedPath, type RestoreReport } from '../../core/restorePlan.ts';
import { openMultiDiff } from '../comparison.ts';
import { changesText, countsText, filesText, listText } from '../format.ts';
import { refusalText } from '../messages.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Question } from '../prompts.ts';
import type { Surface } from '../surface.ts';
import { runTask, type Task } from '../task.ts';
import { requireTrust } from '../trust.ts';
import { saveEditors } from '../unsavedEditors.ts';

type Restore = (questions: RestoreQuestions, task: Task) => Promise<RestoreOutcome>;

/** Runs a restore, revert, undo or redo: asks its questions and says in the view what it did. */
export async function runRestore(surface: Surface, open: OpenFolder, title: string, restore: Restore): Promise<void> {
  requireTrust();
  const outcome = await runTask(open, title, (task) => {
    const questions: RestoreQuestions = {
      saveEditors: (paths) => task.asking(() => saveEditors(open, paths, surface.prompts)),
      confirm: (proposal) => task.asking(() => surface.prompts.confirm(question(open, proposal))),
    };
    return restore(questions, task);
  });
  if (outcome.done) {
    await reportRestore(surface, outcome.report, open.redo === undefined ? 'undo' : 'redo');
  } else if (outcome.why === 'nothingToDo') {
    const kept = outcome.plan.refused.length;
    surface.view.say(
      kept === 0
        ? vscode.l10n.t('Nothing to do: the files are as they were then.')
        : vscode.l10n.t('Nothing was changed: {0} differ but are kept. The log lists why.', filesText(kept)),
    );
    logRefused(surface, outcome.plan.refused);
  }
}

/** Says what was done and how to take it back; only failures get a notification. */
export async function reportRestore(surface: Surface, report: RestoreReport, back: 'undo' | 'redo'): Promise<void> {
  const { restored, deleted, failed } = report;
  const done = listText([
    restored.length === 0 ? '' : vscode.l10n.t('{0} restored', filesText(restored.length)),
    deleted.length === 0 ? '' : vscode.l10n.t('{0} deleted', filesText(deleted.length)),
  ]);
  if (done !== '') {
    surface.view.say(
      back === 'undo'
        ? vscode.l10n.t('{0}. Undo Last Restore takes it back.', done)
        : vscode.l10n.t('{0}. Redo takes it back.', done),
    );
  }
  if (failed.length > 0) {
    await tellFailures(surface, failed);
  }
}

async function tellFailures(surface: Surface, failed: readonly FailedPath[]): Promise<void> {
  for (const { path, reason } of failed) {
    surface.log.warn(`${path}: ${reason}`);
  }
  const showLog = vscode.l10n.t('Show Log');
  const [first] = failed;
  const message = vscode.l10n.t(
    '{0} could not be restored; everything else was. First: {1}. {2}',
    filesText(failed.length),
    first?.path ?? '',
    first?.reason ?? '',
  );
  if ((await surface.prompts.tell('warning', message, showLog)) === showLog) {
    surface.log.show();
  }
}

function question(open: OpenFolder, proposal: RestoreProposal): Question {
  const { kind, target, plan, editedSince } = proposal;
  const texts = {
    restore: {
      message: vscode.l10n.t('Restore "{0}"?', target.label),
      action: vscode.l10n.t('Restore'),
    },
    revert: {
      message: vscode.l10n.t('Revert {0} to "{1}"?', stepsText(proposal), target.label),
      action: vscode.l10n.t('Revert'),
    },
    undo: { message: vscode.l10n.t('Undo the last restore?'), action: vscode.l10n.t('Undo') },
    redo: { message: vscode.l10n.t('Redo the last undone restore?'), action: vscode.l10n.t('Redo') },
  };
  const comparison = { open, store: open.storeOf(target), from: NOW, to: target.id };
  return {
    ...texts[kind],
    detail: [
      vscode.l10n.t(
        'It changes {0} of the workspace: {1}.',
        filesText(plan.steps.length),
        countsText(countChanges(plan.steps)),
      ),
      vscode.l10n.t('The present state is kept as a checkpoint, and Undo Last Restore brings it back.'),
      ...pathLines(vscode.l10n.t('Changed again since, and taken back too:'), editedSince),
      ...pathLines(
        vscode.l10n.t('Left as they are:'),
        plan.refused.map(({ path, why }) => vscode.l10n.t('{0}: {1}', path, refusalText(why))),
      ),
    ].join('\n'),
    preview: () => openMultiDiff(comparison, plan.steps),
  };
}

function stepsText({ plan }: RestoreProposal): string {
  const [first, ...others] = plan.steps;
  return first !== undefined && others.length === 0 ? `"${first.path}"` : changesText(plan.steps.length);
}

const MOST_LINES = 8;

function pathLines(heading: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) {
    return [];
  }
  const more = lines.length - MOST_LINES;
  const rest = more > 0 ? [vscode.l10n.t('… and {0} more', more)] : [];
  return ['', heading, ...lines.slice(0, MOST_LINES), ...rest];
}

function logRefused(surface: Surface, refused: readonly RefusedPath[]): void {
  for (const { path, why } of refused) {
    surface.log.info(`${path}: ${refusalText(why)}`);
  }
}
