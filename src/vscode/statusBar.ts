import * as vscode from 'vscode';
import { changesText, duration } from './format.ts';
import type { OpenFolder } from './openFolder.ts';
import type { WorkspaceFolders } from './workspaceFolders.ts';

const MINUTE_MS = 60_000;

/** Time since the newest checkpoint and what changed since; a click creates one. Hidden where none can be created. */
export class StatusBar implements vscode.Disposable {
  readonly #folders: WorkspaceFolders;
  readonly #item: vscode.StatusBarItem;
  readonly #disposables: vscode.Disposable[];

  constructor(folders: WorkspaceFolders) {
    this.#folders = folders;
    this.#item = vscode.window.createStatusBarItem('snapshotTimeline', vscode.StatusBarAlignment.Left);
    this.#item.name = vscode.l10n.t('Checkpoints');
    this.#item.command = 'snapshotTimeline.createCheckpoint';
    const clock = setInterval(() => this.#render(), MINUTE_MS);
    this.#disposables = [
      this.#item,
      folders.onDidChange(() => this.#render()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#render()),
      { dispose: () => clearInterval(clock) },
    ];
  }

  /** The text that is shown, and undefined while the item is hidden; for tests. */
  get text(): string | undefined {
    return this.#shown()?.text;
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #render(): void {
    const shown = this.#shown();
    if (shown === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.accessibilityInformation = { label: shown.tooltip };
    this.#item.show();
  }

  #shown(): { readonly text: string; readonly tooltip: string } | undefined {
    const open = this.#current();
    if (open === undefined || !vscode.workspace.isTrusted || !open.session.files.capabilities.create.available) {
      return undefined;
    }
    const createdAt = open.newest?.createdAt;
    if (createdAt === undefined) {
      return {
        text: vscode.l10n.t('$(history) No checkpoint'),
        tooltip: vscode.l10n.t('No checkpoint yet. Create the first one.'),
      };
    }
    const { changesNow } = open;
    if (changesNow === undefined) {
      return {
        text: vscode.l10n.t('$(history) {0}', duration(createdAt)),
        tooltip: vscode.l10n.t('Newest checkpoint: {0}. Create a checkpoint.', duration(createdAt)),
      };
    }
    const values = [duration(createdAt), changesText(changesNow.length)] as const;
    return {
      text: vscode.l10n.t('$(history) {0} · {1}', ...values),
      tooltip: vscode.l10n.t('Newest checkpoint: {0}; {1} since. Create a checkpoint.', ...values),
    };
  }

  /** The folder of the active editor, else the first. */
  #current(): OpenFolder | undefined {
    const active = vscode.window.activeTextEditor?.document.uri;
    return (active === undefined ? undefined : this.#folders.of(active)) ?? this.#folders.all[0];
  }
}
