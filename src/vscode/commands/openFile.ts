import * as vscode from 'vscode';
import type { Surface } from '../surface.ts';
import { pointName } from '../comparison.ts';
import { fileName, stateUri } from '../stateUri.ts';
import { fileVersionRows } from '../views/fileVersionRows.ts';
import { fileOf, type FileInFolder } from '../views/fileHistoryView.ts';
import { age } from '../format.ts';
import { rowOf, uriOf, withoutBack, type CommandArguments, type Located } from './targets.ts';

/** Opens a file as it was at a checkpoint; a deleted file as it was before. */
export async function openFileAtCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  const row = rowOf(args);
  if (row?.kind === 'change') {
    const { comparison, change, open, checkpoint } = row;
    const at = change.kind === 'deleted' ? comparison.from : checkpoint.id;
    await openAt(open.storeOf(checkpoint).info.id, row, at ?? checkpoint.id, change.path);
  } else if (row?.kind === 'version') {
    const { located, previous, checkpoint } = row;
    const at = located.version.entry === undefined ? previous?.checkpoint.id : checkpoint.id;
    await openAt(checkpoint.store, row, at ?? checkpoint.id, row.path);
  } else {
    await openAsked(surface, activeFile(surface, args));
  }
}

export async function showFileHistory(surface: Surface, args: CommandArguments): Promise<void> {
  const row = rowOf(args);
  const uri = uriOf(args) ?? vscode.window.activeTextEditor?.document.uri;
  if (row?.kind === 'change' || row?.kind === 'nowChange') {
    await surface.fileHistory.reveal(stateUri(row.open, row.checkpoint.store, row.checkpoint.id, row.change.path));
  } else if (uri !== undefined) {
    await surface.fileHistory.reveal(uri);
  } else {
    await vscode.commands.executeCommand('snapshotTimeline.fileHistory.focus');
  }
}

function activeFile(surface: Surface, args: CommandArguments): FileInFolder | undefined {
  const uri = uriOf(args) ?? vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? surface.fileHistory.file : fileOf(surface.folders, uri);
}

async function openAsked(surface: Surface, file: FileInFolder | undefined): Promise<void> {
  if (file === undefined) {
    const message = vscode.l10n.t('Open the file that you want to see as it was, then try again.');
    await surface.prompts.tell('information', message);
    return;
  }
  const rows = await fileVersionRows(file.open, file.path);
  const choices = rows
    .filter(({ located }) => located.version.entry !== undefined)
    .map((row) => ({ label: row.checkpoint.label, description: age(row.checkpoint.createdAt), value: row }));
  const title = vscode.l10n.t('Open "{0}" as It Was', file.path);
  const row = withoutBack(await surface.prompts.pick(choices, { title }));
  if (row !== undefined) {
    await openAt(row.checkpoint.store, row, row.checkpoint.id, file.path);
  }
}

async function openAt(store: string, { open }: Pick<Located, 'open'>, at: string, path: string): Promise<void> {
  const title = vscode.l10n.t('{0} ({1})', fileName(path), pointName(open, at));
  await vscode.commands.executeCommand('vscode.open', stateUri(open, store, at, path), { preview: true }, title);
}
