import * as vscode from 'vscode';
import { registerLanguageModelTools } from './agents/languageModelTools.ts';
import { registerMcpServers } from './agents/mcpServers.ts';
import { AutomaticFolders, SYSTEM_TIMERS } from './automatic/automaticFolders.ts';
import { tellAutomaticProblems } from './automatic/automaticNotice.ts';
import { Retention } from './automatic/retention.ts';
import { registerCommands } from './commands/table.ts';
import { ContentProvider } from './contentProvider.ts';
import { ContextKeys, followFolders } from './contextKeys.ts';
import { windowPrompts } from './prompts.ts';
import { offerRecovery } from './recovery.ts';
import { StatusBar } from './statusBar.ts';
import type { Surface } from './surface.ts';
import { launcherOf } from './terminalPath.ts';
import { registerTimeline } from './timeline.ts';
import { CheckpointsView } from './views/checkpointsView.ts';
import { FileHistoryView } from './views/fileHistoryView.ts';
import { WorkspaceFolders, type OpenSession } from './workspaceFolders.ts';

/** Builds everything that people see and connects it. Nothing of it waits for a folder to be opened. */
export function connectSurface(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  openSession: OpenSession,
): Surface {
  const keys = new ContextKeys();
  const folders = new WorkspaceFolders(openSession, log);
  const automatic = new AutomaticFolders(folders, log);
  const surface: Surface = {
    extension: context.extension,
    folders,
    automatic,
    keys,
    log,
    launcher: launcherOf(context),
    home: vscode.Uri.file(process.env['HOME'] ?? process.env['USERPROFILE'] ?? '/'),
    view: new CheckpointsView(folders, keys, context.workspaceState),
    fileHistory: new FileHistoryView(folders, keys),
    statusBar: new StatusBar(folders, automatic),
    timeline: registerTimeline(folders, log),
    prompts: windowPrompts,
    compareSelection: undefined,
  };
  context.subscriptions.push(...partsOf(surface));
  void folders.opened;
  return surface;
}

/** Everything that has an end. */
function partsOf(surface: Surface): vscode.Disposable[] {
  const { folders, automatic, keys, log } = surface;
  return [
    keys,
    followFolders(keys, folders),
    automatic,
    tellAutomaticProblems(surface),
    automatic.onDidChange(() => keys.set({ automaticIsPaused: automatic.isPaused })),
    new Retention(folders, log, SYSTEM_TIMERS),
    surface.view,
    surface.fileHistory,
    surface.statusBar,
    ...(surface.timeline === undefined ? [] : [surface.timeline]),
    new ContentProvider(folders).register(),
    registerCommands(surface),
    registerLanguageModelTools(surface),
    registerMcpServers(surface),
    folders.onDidOpen((open) => {
      offerRecovery(surface, open).catch((error: unknown) => log.error(String(error)));
    }),
    folders,
  ];
}
