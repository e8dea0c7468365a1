import * as vscode from 'vscode';
import { CheckpointError } from '../core/error.ts';
import { filesText } from './format.ts';
import type { OpenFolder } from './openFolder.ts';
import type { Prompts } from './prompts.ts';
import { relativePath } from './stateUri.ts';

interface Unsaved {
  readonly name: string;
  readonly save: () => Thenable<boolean>;
}

/**
 * Offers to save the unsaved editors of these files and folders (all of the workspace folder when empty). A buffer left
 * unsaved would overwrite the restored file at its next save.
 * @returns false when a person gave up.
 * @throws CheckpointError `conflict` when a file could not be saved.
 */
export async function saveEditors(open: OpenFolder, paths: readonly string[], prompts: Prompts): Promise<boolean> {
  const unsaved = unsavedEditors(open, paths);
  if (unsaved.length === 0) {
    return true;
  }
  const names = unsaved.map(({ name }) => name).join('\n');
  const agreed = await prompts.confirm({
    message: vscode.l10n.t('Save {0} with unsaved changes first?', filesText(unsaved.length)),
    detail: vscode.l10n.t('Saved, they become part of the safety checkpoint and can be brought back.\n\n{0}', names),
    action: vscode.l10n.t('Save All'),
  });
  if (!agreed) {
    return false;
  }
  for (const { name, save } of unsaved) {
    if (!(await save())) {
      throw new CheckpointError('conflict', vscode.l10n.t('"{0}" could not be saved.', name), {
        hint: vscode.l10n.t('Save it or undo its edits, then try again.'),
      });
    }
  }
  return true;
}

function unsavedEditors(open: OpenFolder, paths: readonly string[]): readonly Unsaved[] {
  const { textDocuments, notebookDocuments } = vscode.workspace;
  return [...textDocuments, ...notebookDocuments].flatMap((document) => {
    const isInFolder = document.uri.scheme === 'file' && isInside(document.uri, open);
    if (!document.isDirty || !isInFolder) {
      return [];
    }
    const name = relativePath(open, document.uri);
    const isMeant = paths.length === 0 || paths.some((path) => name === path || name.startsWith(`${path}/`));
    return isMeant ? [{ name, save: () => document.save() }] : [];
  });
}

function isInside(uri: vscode.Uri, { folder }: OpenFolder): boolean {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString();
}
