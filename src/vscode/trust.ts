import * as vscode from 'vscode';
import { CheckpointError } from '../core/error.ts';

/**
 * For what looks at the files as they are: that reads the folder's git configuration, which can name programs to run.
 * @throws CheckpointError `noPermission` in a folder that is not trusted.
 */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new CheckpointError('noPermission', vscode.l10n.t('This folder is open in Restricted Mode.'), {
      hint: vscode.l10n.t('Trust it to create checkpoints, to restore them and to compare them with the workspace.'),
    });
  }
}
