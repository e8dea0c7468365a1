import * as vscode from 'vscode';
import { findInterruptedRestore, recoverRestore } from '../app/recoverRestore.ts';
import { reportRestore } from './commands/restoreDialog.ts';
import { age, filesText } from './format.ts';
import type { OpenFolder } from './openFolder.ts';
import type { Surface } from './surface.ts';
import { runTask } from './task.ts';

/** Tells of a restore that a crash or kill interrupted, and ends it as the person wishes. Later is a choice too. */
export async function offerRecovery(surface: Surface, open: OpenFolder): Promise<void> {
  const found = vscode.workspace.isTrusted ? await findInterruptedRestore(open.session.stores) : undefined;
  if (found === undefined) {
    return;
  }
  const finish = vscode.l10n.t('Finish');
  const rollBack = vscode.l10n.t('Roll Back');
  const { startedAt, paths } = found.interrupted;
  const message = vscode.l10n.t(
    'A restore of {0} in "{1}" was interrupted ({2}). Finish it, or roll back to the state before it?',
    filesText(paths.length),
    open.folder.name,
    age(startedAt),
  );
  const answer = await surface.prompts.tell('warning', message, finish, rollBack);
  if (answer === undefined) {
    return;
  }
  const how = answer === finish ? 'finish' : 'rollBack';
  const report = await runTask(open, vscode.l10n.t('Ending the interrupted restore'), (task) =>
    recoverRestore(open.session, found, how, task),
  );
  await reportRestore(surface, report, 'undo');
}
