import * as vscode from 'vscode';
import { RetentionTimer } from '../../app/automatic/retentionTimer.ts';
import type { Timers } from '../../app/automatic/timers.ts';
import type { PrunePlan } from '../../app/prune.ts';
import type { OpenFolder } from '../openFolder.ts';
import { readRetentionSettings } from '../settings.ts';
import type { WorkspaceFolders } from '../workspaceFolders.ts';

/** Applies the retention of the settings to all open folders in the background. */
export class Retention implements vscode.Disposable {
  readonly #folders: WorkspaceFolders;
  readonly #log: vscode.LogOutputChannel;
  readonly #timers: Timers;
  readonly #applied = new Map<OpenFolder, RetentionTimer>();
  readonly #listening: vscode.Disposable;

  constructor(folders: WorkspaceFolders, log: vscode.LogOutputChannel, timers: Timers) {
    this.#folders = folders;
    this.#log = log;
    this.#timers = timers;
    this.#listening = vscode.Disposable.from(
      folders.onDidOpen((open) => this.#changed(open)),
      folders.onDidChange(({ open, what }) => {
        if (open === undefined) {
          this.#forget((known) => !this.#folders.all.includes(known));
        } else if (what === 'checkpoints') {
          this.#changed(open);
        }
      }),
    );
  }

  dispose(): void {
    this.#listening.dispose();
    this.#forget(() => true);
  }

  #changed(open: OpenFolder): void {
    const timer = this.#applied.get(open) ?? this.#timerOf(open);
    this.#applied.set(open, timer);
    timer.listChanged();
  }

  #timerOf({ session, folder }: OpenFolder): RetentionTimer {
    return new RetentionTimer({
      session,
      timers: this.#timers,
      rules: () => readRetentionSettings(folder.uri),
      onPruned: (plan) => this.#tell(folder.name, plan),
      onProblem: (error) => this.#log.warn(`${folder.name}: ${String(error)}`),
    });
  }

  #tell(name: string, { removed }: PrunePlan): void {
    for (const { checkpoint, reason } of removed) {
      this.#log.info(`${name}: retention removed "${checkpoint.label}" of ${checkpoint.createdAt} (${reason}).`);
    }
  }

  #forget(isGone: (open: OpenFolder) => boolean): void {
    for (const [open, timer] of this.#applied) {
      if (isGone(open)) {
        timer.dispose();
        this.#applied.delete(open);
      }
    }
  }
}
