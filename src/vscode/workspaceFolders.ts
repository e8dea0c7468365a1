import * as vscode from 'vscode';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { isCheckpointError } from '../core/error.ts';
import { coalesce } from './coalesce.ts';
import { OpenFolder, type FolderChange } from './openFolder.ts';
import { affectsStores, affectsSettings, readSettings, type FolderSettings } from './settings.ts';

/** Opens the checkpoints of one folder on disk. Settings are asked for anew whenever they matter. */
export type OpenSession = (folder: string, settings: () => FolderSettings) => Promise<WorkspaceSession>;

/** Why no folder could be opened: the values of the context key `problem`. */
export type Problem = '' | 'gitMissing' | 'notOnDisk' | 'failed';

export interface FoldersChange {
  /** Absent when the set of folders changed. */
  readonly open?: OpenFolder;
  readonly what: FolderChange;
}

/** The sessions of all workspace folders, one each. Folders that are not on a disk are left out. */
export class WorkspaceFolders implements vscode.Disposable {
  readonly onDidChange: vscode.Event<FoldersChange>;
  readonly onDidOpen: vscode.Event<OpenFolder>;
  readonly #changed = new vscode.EventEmitter<FoldersChange>();
  readonly #opened = new vscode.EventEmitter<OpenFolder>();
  readonly #openSession: OpenSession;
  readonly #log: vscode.LogOutputChannel;
  readonly #open = new Map<string, OpenFolder>();
  readonly #disposables: vscode.Disposable[];
  readonly #failures = new Map<string, unknown>();
  #isOnDisk = true;
  #disposed = false;
  #firstOpened: Promise<void> | undefined;

  constructor(openSession: OpenSession, log: vscode.LogOutputChannel) {
    this.#openSession = openSession;
    this.#log = log;
    this.onDidChange = this.#changed.event;
    this.onDidOpen = this.#opened.event;
    this.#disposables = [
      this.#changed,
      this.#opened,
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.synchronize()),
      vscode.workspace.onDidChangeConfiguration((event) => void this.#configurationChanged(event)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.refresh()),
    ];
  }

  get all(): readonly OpenFolder[] {
    return [...this.#open.values()].toSorted((a, b) => a.folder.index - b.folder.index);
  }

  /** Settles when the folders that were there first have been opened. */
  get opened(): Promise<void> {
    this.#firstOpened ??= this.synchronize();
    return this.#firstOpened;
  }

  /** Why folders of this window could not be opened, by their name. */
  get failures(): ReadonlyMap<string, unknown> {
    return this.#failures;
  }

  get problem(): Problem {
    const reasons = [...this.#failures.values()];
    if (reasons.length === 0 || this.#open.size > 0) {
      return this.#isOnDisk ? '' : 'notOnDisk';
    }
    return reasons.some((error) => isCheckpointError(error, 'notInstalled')) ? 'gitMissing' : 'failed';
  }

  /** The open folder that a file is in: the innermost, where workspace folders lie within each other. */
  of(uri: vscode.Uri): OpenFolder | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder === undefined ? undefined : this.#open.get(folder.uri.toString());
  }

  byUri(folderUri: string): OpenFolder | undefined {
    return this.#open.get(folderUri);
  }

  /** Opens what is new and closes what is gone. */
  readonly synchronize = coalesce(async () => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const onDisk = folders.filter((folder) => folder.uri.scheme === 'file');
    const wanted = new Set(onDisk.map((folder) => folder.uri.toString()));
    for (const key of [...this.#open.keys()].filter((known) => !wanted.has(known))) {
      this.#close(key);
    }
    this.#isOnDisk = folders.length === 0 || onDisk.length > 0;
    this.#failures.clear();
    await Promise.all(onDisk.map((folder) => this.#openOne(folder)));
    if (!this.#disposed) {
      this.#changed.fire({ what: 'checkpoints' });
    }
  });

  /** Tries again what failed, and reads everything again. */
  async refresh(): Promise<void> {
    await this.synchronize();
    await Promise.all(this.all.map((open) => open.reload()));
  }

  dispose(): void {
    this.#disposed = true;
    for (const key of [...this.#open.keys()]) {
      this.#close(key);
    }
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  async #openOne(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    if (this.#open.has(key)) {
      return;
    }
    try {
      const session = await this.#openSession(folder.uri.fsPath, () => readSettings(folder.uri));
      if (this.#disposed) {
        session.dispose();
        return;
      }
      const open = new OpenFolder(folder, session, this.#log);
      this.#open.set(key, open);
      await open.reload();
      open.onDidChange((what) => this.#changed.fire({ open, what }));
      this.#opened.fire(open);
    } catch (error) {
      this.#failures.set(folder.name, error);
      this.#log.error(error instanceof Error ? error : String(error));
    }
  }

  #close(key: string): void {
    this.#open.get(key)?.dispose();
    this.#open.delete(key);
  }

  /** A session keeps its git and its containers; all other settings only change what the next look or capture sees. */
  async #configurationChanged(event: vscode.ConfigurationChangeEvent): Promise<void> {
    const affected = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => affectsSettings(event, uri));
    for (const { uri } of affected) {
      if (affectsStores(event, uri)) {
        this.#close(uri.toString());
      }
    }
    if (affected.length > 0) {
      await this.refresh();
    }
  }
}
