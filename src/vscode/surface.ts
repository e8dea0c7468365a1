import type * as vscode from 'vscode';
import type { AutomaticFolders } from './automatic/automaticFolders.ts';
import type { ContextKeys } from './contextKeys.ts';
import type { Located } from './commands/targets.ts';
import type { Prompts } from './prompts.ts';
import type { CheckpointsView } from './views/checkpointsView.ts';
import type { FileHistoryView } from './views/fileHistoryView.ts';
import type { StatusBar } from './statusBar.ts';
import type { WorkspaceFolders } from './workspaceFolders.ts';

/** Everything that a command works with. */
export interface Surface {
  readonly extension: vscode.Extension<unknown>;
  readonly folders: WorkspaceFolders;
  readonly automatic: AutomaticFolders;
  readonly view: CheckpointsView;
  readonly fileHistory: FileHistoryView;
  readonly statusBar: StatusBar;
  /** Undefined where VS Code does not let extensions fill its Timeline. */
  readonly timeline: vscode.Disposable | undefined;
  readonly keys: ContextKeys;
  readonly log: vscode.LogOutputChannel;
  /** The command `checkpoints`, for programs that do not have it on the PATH. */
  readonly launcher: vscode.Uri;
  /** The person's home folder. Exchanged by tests. */
  home: vscode.Uri;
  /** Exchanged by tests. */
  prompts: Prompts;
  /** The checkpoint of "Select for Compare". */
  compareSelection: Located | undefined;
}
