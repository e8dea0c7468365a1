import * as vscode from 'vscode';
import { changesText, duration } from './format.ts';
import type { AutomaticFolders } from './automatic/automaticFolders.ts';
import type { OpenFolder } from './openFolder.ts';
import type { WorkspaceFolders } from './workspaceFolders.ts';

const MINUTE_MS = 60_000;

/** Time since the newest checkpoint and what changed since; a click creates one. Hidden where none can be created. */
export class StatusBar implements vscode.Disposable {
  readonly #folders: WorkspaceFolders;
  readonly #automatic: AutomaticFolders;
  readonly #item: vscode.StatusBarItem;
  readonly #disposables: vscode.Disposable[];

  constructor(folders: WorkspaceFolders, automatic: AutomaticFolders) {
    this.#folders = folders;
    this.#automatic = automatic;
    this.#item = vscode.window.createStatusBarItem('snapshotTimeline', vscode.StatusBarAlignment.Left);
    this.#item.name = vscode.l10n.t('Checkpoints');
    this.#item.command = 'snapshotTimeline.createCheckpoint';
    const clock = setInterval(() => this.#render(), MINUTE_MS);
    this.#disposables = [
      this.#item,
      folders.onDidChange(() => this.#render()),
      automatic.onDidChange(() => this.#render()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#render()),
      { dispose: () => clearInterval(clock) },
    ];
  }

  /** The text that is shown, and undefined while the item is hidden; for tests. */
  get text(): string | undefined {
    return this.#shown()?.text;
  }

  /** What the tooltip says about automatic checkpoints; for tests. */
  get automatic(): string | undefined {
    return this.#shown()?.automatic;
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
    const tooltip = new vscode.MarkdownString(`${shown.tooltip}\n\n${shown.automatic}`);
    tooltip.isTrusted = { enabledCommands: ['snapshotTimeline.pauseAutomatic', 'snapshotTimeline.resumeAutomatic'] };
    this.#item.text = shown.text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: shown.tooltip };
    this.#item.show();
  }

  #shown(): { readonly text: string; readonly tooltip: string; readonly automatic: string } | undefined {
    const open = this.#current();
    if (open === undefined || !vscode.workspace.isTrusted || !open.session.files.capabilities.create.available) {
      return undefined;
    }
    const { icon, automatic } = this.#automaticState(open);
    const createdAt = open.newest?.createdAt;
    if (createdAt === undefined) {
      return {
        text: `${icon} ${vscode.l10n.t('No checkpoint')}`,
        tooltip: vscode.l10n.t('No checkpoint yet. Create the first one.'),
        automatic,
      };
    }
    const { changesNow } = open;
    if (changesNow === undefined) {
      return {
        text: `${icon} ${duration(createdAt)}`,
        tooltip: vscode.l10n.t('Newest checkpoint: {0}. Create a checkpoint.', duration(createdAt)),
        automatic,
      };
    }
    const values = [duration(createdAt), changesText(changesNow.length)] as const;
    return {
      text: `${icon} ${values.join(' · ')}`,
      tooltip: vscode.l10n.t('Newest checkpoint: {0}; {1} since. Create a checkpoint.', ...values),
      automatic,
    };
  }

  /** Whether automatic checkpoints are made, as an icon and as Markdown with what can be done about it. */
  #automaticState(open: OpenFolder): { readonly icon: string; readonly automatic: string } {
    const automatic = this.#automatic.of(open);
    if (automatic === undefined || automatic.isOff) {
      return { icon: '$(history)', automatic: vscode.l10n.t('Automatic checkpoints are off.') };
    }
    if (automatic.isPaused) {
      const resume = vscode.l10n.t('[Resume](command:snapshotTimeline.resumeAutomatic)');
      return { icon: '$(debug-pause)', automatic: vscode.l10n.t('Automatic checkpoints are paused. {0}', resume) };
    }
    const pause = vscode.l10n.t('[Pause](command:snapshotTimeline.pauseAutomatic)');
    return automatic.problem === undefined
      ? { icon: '$(history)', automatic: vscode.l10n.t('Automatic checkpoints are on. {0}', pause) }
      : {
          icon: '$(warning)',
          automatic: vscode.l10n.t('Automatic checkpoints fail: {0} {1}', automatic.problem.message, pause),
        };
  }

  /** The folder of the active editor, else the first. */
  #current(): OpenFolder | undefined {
    const active = vscode.window.activeTextEditor?.document.uri;
    return (active === undefined ? undefined : this.#folders.of(active)) ?? this.#folders.all[0];
  }
}
