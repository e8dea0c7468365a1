import * as vscode from 'vscode';
import { findLastTurn, undoAgentTurn as undo } from '../../app/undoAgentTurn.ts';
import { CheckpointError } from '../../core/error.ts';
import type { Surface } from '../surface.ts';
import { requireTrust } from '../trust.ts';
import { runRestore } from './restoreDialog.ts';
import { chooseFolder, rowOf, type CommandArguments } from './targets.ts';

/** Puts the files that an agent's last turn changed back to what they were before it, and no others. */
export async function undoAgentTurn(surface: Surface, args: CommandArguments): Promise<void> {
  requireTrust();
  const title = vscode.l10n.t('Undo Last Agent Turn');
  const able = surface.folders.all.filter(({ lastTurn }) => lastTurn !== undefined);
  const only = able.length === 1 && rowOf(args) === undefined ? able[0] : undefined;
  const open = only ?? (await chooseFolder(surface, args, title));
  if (open === undefined) {
    return;
  }
  const found = await findLastTurn(open.session);
  if (found === undefined) {
    throw new CheckpointError('notFound', vscode.l10n.t('There is no turn of an agent to undo.'), {
      hint: vscode.l10n.t('Connect an agent, so that each of its turns leaves a checkpoint.'),
    });
  }
  await runRestore(surface, open, title, (questions, task) => undo(open.session, found, questions, task));
}
