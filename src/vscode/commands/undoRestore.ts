import * as vscode from 'vscode';
import { redoLastUndo, undoLastRestore } from '../../app/undo.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Surface } from '../surface.ts';
import { runRestore } from './restoreDialog.ts';
import { chooseFolder, type CommandArguments } from './targets.ts';

export async function undoRestore(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Undo Last Restore');
  const open = await folderFor(surface, args, title, (folder) => folder.undo !== undefined);
  if (open !== undefined) {
    await runRestore(surface, open, title, (questions, task) => undoLastRestore(open.session, questions, task));
  }
}

export async function redoRestore(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Redo');
  const open = await folderFor(surface, args, title, (folder) => folder.redo !== undefined);
  if (open !== undefined) {
    await runRestore(surface, open, title, (questions, task) => redoLastUndo(open.session, questions, task));
  }
}

/** Asks only where several folders have something to take back. */
async function folderFor(
  surface: Surface,
  args: CommandArguments,
  title: string,
  isAble: (open: OpenFolder) => boolean,
): Promise<OpenFolder | undefined> {
  const able = surface.folders.all.filter(isAble);
  return able.length === 1 ? able[0] : chooseFolder(surface, args, title);
}
