import * as vscode from 'vscode';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { ContextKeys } from '../contextKeys.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { WorkspaceFolders } from '../workspaceFolders.ts';
import { CheckpointsTree } from './checkpointsTree.ts';
import type { TreeRow } from './rows.ts';

const BY_SESSION = 'groupBySession';

/** The Checkpoints view: its rows, and what the last operation did in the line above them. */
export class CheckpointsView implements vscode.Disposable {
  readonly tree: CheckpointsTree;
  readonly #folders: WorkspaceFolders;
  readonly #keys: ContextKeys;
  readonly #memory: vscode.Memento;
  readonly #view: vscode.TreeView<TreeRow>;
  readonly #disposables: vscode.Disposable[];
  #result: string | undefined;

  constructor(folders: WorkspaceFolders, keys: ContextKeys, memory: vscode.Memento) {
    this.#folders = folders;
    this.#keys = keys;
    this.#memory = memory;
    this.tree = new CheckpointsTree(folders);
    this.#view = vscode.window.createTreeView('snapshotTimeline.checkpoints', {
      treeDataProvider: this.tree,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#disposables = [
      this.tree,
      this.#view,
      folders.onDidChange(() => this.#render()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#render()),
    ];
    this.#group();
    this.#render();
  }

  /** The line above the rows; for tests. */
  get message(): string | undefined {
    return this.#view.message;
  }

  /** Says what an operation did; undefined takes the line away. */
  say(result: string | undefined): void {
    this.#result = result;
    this.#render();
  }

  /** Shows the turns of each session of an agent together, or every checkpoint at its day; remembered for this workspace. */
  async groupBySession(bySession: boolean): Promise<void> {
    await this.#memory.update(BY_SESSION, bySession);
    this.#group();
  }

  /** Selects a checkpoint where the view is in sight. */
  async select(open: OpenFolder, checkpoint: Checkpoint): Promise<void> {
    if (this.#view.visible) {
      await this.#view.reveal(this.tree.checkpointRow(open, checkpoint), { select: true, focus: false });
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #group(): void {
    const bySession = this.#memory.get<boolean>(BY_SESSION, false);
    this.tree.bySession = bySession;
    this.#keys.set({ groupsBySession: bySession });
  }

  #render(): void {
    const restricted = vscode.l10n.t('Restricted Mode: checkpoints are listed only, until you trust this folder.');
    // A message would hide the welcome, which says more while there are no checkpoints.
    const hasRows = this.#folders.all.some(({ checkpoints }) => checkpoints.length > 0);
    const result = this.#result ?? this.#failure() ?? this.#absence();
    const message = vscode.workspace.isTrusted || !hasRows ? result : restricted;
    // An optional property that VS Code clears by undefined.
    (this.#view as { message: string | undefined }).message = message;
  }

  /** With other folders open no welcome tells of one that could not be. */
  #failure(): string | undefined {
    const { all, failures } = this.#folders;
    const [failed] = failures;
    if (all.length === 0 || failed === undefined) {
      return undefined;
    }
    const [name, error] = failed;
    const why = error instanceof Error ? error.message : String(error);
    return vscode.l10n.t('"{0}" could not be opened: {1}', name, why);
  }

  /** Why there is no sandbox, where somebody may have expected one. */
  #absence(): string | undefined {
    const absences = this.#folders.all.map(({ session }) => session.absence);
    const notable = absences.find((absence) => absence?.isNotable);
    return notable && [notable.message, notable.hint ?? ''].join(' ').trim();
  }
}
