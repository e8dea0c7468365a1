import * as vscode from 'vscode';

/** Writes a text file that can be executed. */
export type WriteExecutable = (path: string, text: string) => Promise<void>;

/**
 * Puts the command `checkpoints` on the PATH of VS Code's terminals. It is run by the Node.js that runs VS Code's
 * extensions, so nothing needs to be installed.
 */
export async function putOnTerminalPath(
  context: vscode.ExtensionContext,
  writeExecutable: WriteExecutable,
): Promise<void> {
  const folder = launcherFolder(context);
  const program = vscode.Uri.joinPath(context.extensionUri, 'dist', 'checkpoints.mjs').fsPath;
  await vscode.workspace.fs.createDirectory(folder);
  await Promise.all([
    writeExecutable(vscode.Uri.joinPath(folder, 'checkpoints').fsPath, shellLauncher(process.execPath, program)),
    writeExecutable(vscode.Uri.joinPath(folder, 'checkpoints.cmd').fsPath, batchLauncher(process.execPath, program)),
  ]);
  const separator = process.platform === 'win32' ? ';' : ':';
  const { environmentVariableCollection: variables } = context;
  variables.description = vscode.l10n.t('Adds the command "checkpoints".');
  variables.prepend('PATH', folder.fsPath + separator);
}

/** Where the command stays, whatever version of the extension it starts. */
export function launcherOf(context: vscode.ExtensionContext): vscode.Uri {
  const name = process.platform === 'win32' ? 'checkpoints.cmd' : 'checkpoints';
  return vscode.Uri.joinPath(launcherFolder(context), name);
}

function launcherFolder(context: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(context.globalStorageUri, 'bin');
}

function shellLauncher(node: string, program: string): string {
  const quoted = [node, program].map((part) => `'${part.replaceAll("'", String.raw`'\''`)}'`);
  return ['#!/bin/sh', 'export ELECTRON_RUN_AS_NODE=1', `exec ${quoted.join(' ')} "$@"`, ''].join('\n');
}

function batchLauncher(node: string, program: string): string {
  const quoted = [node, program].map((part) => `"${part.replaceAll('%', '%%')}"`);
  return ['@echo off', 'setlocal', 'set ELECTRON_RUN_AS_NODE=1', `${quoted.join(' ')} %*`, ''].join('\r\n');
}
