import * as vscode from 'vscode';
import { restoreSandbox as restore, type SandboxProposal } from '../../app/restoreSandbox.ts';
import type { SandboxDrift } from '../../core/sandbox.ts';
import { stateText } from '../messages.ts';
import type { Question } from '../prompts.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { requireTrust } from '../trust.ts';
import type { Located } from './targets.ts';

/** Puts a container back to one of its checkpoints: one question, then stop, restore and start as one operation. */
export async function restoreSandbox(surface: Surface, { open, checkpoint }: Located): Promise<void> {
  requireTrust();
  const store = open.storeOf(checkpoint);
  const name = store.info.label;
  const report = await runTask(open, vscode.l10n.t('Restoring "{0}"', name), (task) => {
    const confirm = (proposal: SandboxProposal): Promise<boolean> =>
      task.asking(() => surface.prompts.confirm(question(proposal)));
    return restore({ checkpoint, store }, { mayStop: true, confirm }, task);
  });
  if (report === undefined) {
    return;
  }
  const values = [name, checkpoint.label, stateText(report.state)] as const;
  surface.view.say(vscode.l10n.t('"{0}" is as at "{1}" again and {2}. The state before is a checkpoint.', ...values));
  if (report.warnings.length > 0) {
    await surface.prompts.tell('warning', report.warnings.join(' '));
  }
}

function question(proposal: SandboxProposal): Question {
  const { target, plan, later } = proposal;
  const stops = plan.state !== 'stopped';
  return {
    message: vscode.l10n.t('Restore the container "{0}" to "{1}"?', plan.sandbox, target.label),
    detail: [
      ...plan.findings.map(({ message }) => message),
      ...(later.length === 0 ? [vscode.l10n.t('The present state of the container is kept as a checkpoint.')] : []),
      ...plan.drift.map(driftText),
    ].join('\n'),
    action: stops ? vscode.l10n.t('Stop, Restore, Start') : vscode.l10n.t('Restore'),
  };
}

function driftText({ name, now, target }: SandboxDrift): string {
  const none = vscode.l10n.t('nothing');
  return vscode.l10n.t('{0} goes back from {1} to {2}', name, now ?? none, target ?? none);
}
