import * as vscode from 'vscode';
import { AutomaticCheckpoints } from '../../app/automatic/automaticCheckpoints.ts';
import type { Timers } from '../../app/automatic/timers.ts';
import type { OpenFolder } from '../openFolder.ts';
import { affectsAutomatic, readAutomaticSettings } from '../settings.ts';
import type { WorkspaceFolders } from '../workspaceFolders.ts';
import { GitMoves } from './gitMoves.ts';

/** The alarms of this host. */
export const SYSTEM_TIMERS: Timers = {
  now: () => Date.now(),
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

interface Watched {
  readonly automatic: AutomaticCheckpoints;
  readonly git: GitMoves;
  readonly disposable: vscode.Disposable;
}

/** The automatic checkpoints of all open folders: tells them what happens there. */
export class AutomaticFolders implements vscode.Disposable {
  readonly onDidChange: vscode.Event<OpenFolder | undefined>;
  readonly onDidCreate: vscode.Event<OpenFolder>;
  readonly #changed = new vscode.EventEmitter<OpenFolder | undefined>();
  readonly #created = new vscode.EventEmitter<OpenFolder>();
  readonly #folders: WorkspaceFolders;
  readonly #timers: Timers;
  readonly #log: vscode.LogOutputChannel;
  readonly #watched = new Map<OpenFolder, Watched>();
  readonly #disposables: vscode.Disposable[];
  #isPaused = false;

  constructor(folders: WorkspaceFolders, log: vscode.LogOutputChannel, timers: Timers = SYSTEM_TIMERS) {
    this.#folders = folders;
    this.#timers = timers;
    this.#log = log;
    this.onDidChange = this.#changed.event;
    this.onDidCreate = this.#created.event;
    this.#disposables = [
      this.#changed,
      this.#created,
      folders.onDidOpen((open) => this.#watch(open)),
      folders.onDidChange(({ open }) => open === undefined && this.#forgetClosed()),
      vscode.workspace.onDidChangeConfiguration((event) => this.#settingsChanged(event)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#settingsChanged()),
    ];
  }

  /** Whether they are paused in this window. A window that is opened anew begins without a pause. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  of(open: OpenFolder): AutomaticCheckpoints | undefined {
    return this.#watched.get(open)?.automatic;
  }

  /** Settles when everything that tells of risky moments is in place; for tests. */
  async ready(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ git }) => git.ready));
  }

  pause(): void {
    this.#isPaused = true;
    this.#each((automatic) => automatic.pause());
  }

  resume(): void {
    this.#isPaused = false;
    this.#each((automatic) => automatic.resume());
  }

  dispose(): void {
    for (const { disposable } of this.#watched.values()) {
      disposable.dispose();
    }
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #each(work: (automatic: AutomaticCheckpoints) => void): void {
    for (const { automatic } of this.#watched.values()) {
      work(automatic);
    }
    this.#changed.fire(undefined);
  }

  #watch(open: OpenFolder): void {
    const { session, folder } = open;
    const settings = () => readAutomaticSettings(folder.uri);
    const automatic = new AutomaticCheckpoints({ session, timers: this.#timers, settings });
    if (this.#isPaused) {
      automatic.pause();
    }
    const git = new GitMoves(folder.uri, (what) => automatic.gitMoved(what), this.#log);
    git.ready.catch((error: unknown) => this.#log.warn(String(error)));
    const listening = [
      open.onDidTouch((kind) => automatic.touched(kind === 'deleted')),
      open.onDidSee((state) => automatic.looked(state)),
      automatic.onDidChange(() => this.#changed.fire(open)),
      automatic.onDidCreate(() => this.#created.fire(open)),
    ];
    const disposable = vscode.Disposable.from(...listening, git, automatic);
    this.#watched.set(open, { automatic, git, disposable });
    this.#changed.fire(open);
  }

  #forgetClosed(): void {
    for (const [open, { disposable }] of this.#watched) {
      if (!this.#folders.all.includes(open)) {
        disposable.dispose();
        this.#watched.delete(open);
      }
    }
  }

  #settingsChanged(event?: vscode.ConfigurationChangeEvent): void {
    for (const [open, { automatic }] of this.#watched) {
      if (event === undefined || affectsAutomatic(event, open.folder.uri)) {
        automatic.settingsChanged();
      }
    }
  }
}
