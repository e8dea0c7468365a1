import * as vscode from 'vscode';
import type { ContextKeys } from '../contextKeys.ts';
import type { OpenFolder } from '../openFolder.ts';
import { fileName, parseStateUri, relativePath, SCHEME } from '../stateUri.ts';
import type { WorkspaceFolders } from '../workspaceFolders.ts';
import { fileVersionRows } from './fileVersionRows.ts';
import type { VersionRow } from './rows.ts';
import { versionItem } from './treeItems.ts';

/** A file of an open folder. */
export interface FileInFolder {
  readonly open: OpenFolder;
  readonly path: string;
}

/** The file that a document shows, be it on disk or as it was at a checkpoint. */
export function fileOf(folders: WorkspaceFolders, uri: vscode.Uri): FileInFolder | undefined {
  if (uri.scheme === SCHEME) {
    const state = parseStateUri(uri);
    const open = folders.byUri(state.folder);
    return open === undefined ? undefined : { open, path: state.path };
  }
  const open = uri.scheme === 'file' ? folders.of(uri) : undefined;
  return open === undefined ? undefined : { open, path: relativePath(open, uri) };
}

const MINUTE_MS = 60_000;

/** The versions of the file in the last active text editor. */
export class FileHistoryView implements vscode.TreeDataProvider<VersionRow>, vscode.Disposable {
  readonly #folders: WorkspaceFolders;
  readonly #keys: ContextKeys;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<VersionRow>;
  readonly #disposables: vscode.Disposable[];
  #uri: vscode.Uri | undefined;

  constructor(folders: WorkspaceFolders, keys: ContextKeys) {
    this.#folders = folders;
    this.#keys = keys;
    this.#view = vscode.window.createTreeView('snapshotTimeline.fileHistory', { treeDataProvider: this });
    // The rows tell how old the versions are.
    const clock = setInterval(() => this.#view.visible && this.#changed.fire(), MINUTE_MS);
    this.#disposables = [
      this.#view,
      this.#changed,
      { dispose: () => clearInterval(clock) },
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
      folders.onDidChange(({ what }) => what === 'checkpoints' && this.#show(this.#uri)),
    ];
    this.#follow(vscode.window.activeTextEditor);
  }

  /** The file whose versions are shown. */
  get file(): FileInFolder | undefined {
    return this.#uri === undefined ? undefined : fileOf(this.#folders, this.#uri);
  }

  /** Shows the versions of this file and brings the view to the front. */
  async reveal(uri: vscode.Uri): Promise<void> {
    this.#show(uri);
    await vscode.commands.executeCommand('snapshotTimeline.fileHistory.focus');
  }

  getTreeItem(row: VersionRow): vscode.TreeItem {
    return versionItem(row);
  }

  async getChildren(row?: VersionRow): Promise<VersionRow[]> {
    if (row !== undefined) {
      return [];
    }
    const uri = this.#uri;
    await this.#folders.opened;
    const { file } = this;
    const rows = file === undefined ? [] : await fileVersionRows(file.open, file.path);
    // Another file may have become active meanwhile: its own request has the right rows.
    if (uri !== this.#uri) {
      return [];
    }
    this.#explain(file, rows);
    return [...rows];
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  /** Output channels, diffs of other tools and the like do not take the place of the last file. */
  #follow(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && [SCHEME, 'file'].includes(editor.document.uri.scheme)) {
      this.#show(editor.document.uri);
    }
  }

  /** Why there are no rows is said only once it is known. */
  #explain(file: FileInFolder | undefined, rows: readonly VersionRow[]): void {
    const emptiness = file === undefined ? 'noFile' : 'noVersions';
    this.#keys.set({ noHistory: rows.length > 0 ? '' : emptiness });
  }

  #show(uri: vscode.Uri | undefined): void {
    this.#uri = uri;
    const { file } = this;
    this.#view.description = file === undefined ? '' : fileName(file.path);
    this.#changed.fire();
  }
}
