import * as vscode from 'vscode';
import type { Surface } from '../surface.ts';

export async function refreshCheckpoints(surface: Surface): Promise<void> {
  surface.view.say(undefined);
  await surface.folders.refresh();
}

export async function showLog(surface: Surface): Promise<void> {
  surface.log.show();
}

/** Extensions from the Marketplace may not fill VS Code's Timeline unless a person allows it. */
export async function showTimelineRows(surface: Surface): Promise<void> {
  const openSettings = vscode.l10n.t('Configure Runtime Arguments');
  const message = vscode.l10n.t(
    'The File History view always shows the versions of a file. To see them in the Timeline of the Explorer too, add "enable-proposed-api": ["{0}"] to the runtime arguments, restart VS Code, and install the package of this extension that asks for it, from Open VSX or its releases.',
    surface.extension.id,
  );
  if ((await surface.prompts.tell('information', message, openSettings)) === openSettings) {
    await vscode.commands.executeCommand('workbench.action.configureRuntimeArguments');
  }
}
