import * as vscode from 'vscode';
import { RetentionTimer } from '../../app/automatic/retentionTimer.ts';
import type { Timers } from '../../app/automatic/timers.ts';
import type { OpenFolder } from '../openFolder.ts';
import { readRetentionSettings } from '../settings.ts';
import type { WorkspaceFolders } from '../workspaceFolders.ts';

/** Applies the retention of the settings to all open folders in the background. */
export function keepRetention(
  folders: WorkspaceFolders,
  log: vscode.LogOutputChannel,
  timers: Timers,
): vscode.Disposable {
  const applied = new Map<OpenFolder, RetentionTimer>();
  const forget = (isGone: (open: OpenFolder) => boolean): void => {
    for (const [open, timer] of applied) {
      if (isGone(open)) {
        timer.dispose();
        applied.delete(open);
      }
    }
  };
  const changed = (open: OpenFolder): void => {
    const { name, uri } = open.folder;
    const timer =
      applied.get(open) ??
      new RetentionTimer({
        session: open.session,
        timers,
        rules: () => readRetentionSettings(uri),
        onPruned: ({ removed }) => {
          for (const { checkpoint, reason } of removed) {
            log.info(`${name}: retention removed "${checkpoint.label}" of ${checkpoint.createdAt} (${reason}).`);
          }
        },
        onProblem: (error) => log.warn(`${name}: ${String(error)}`),
      });
    applied.set(open, timer);
    timer.listChanged();
  };
  return vscode.Disposable.from(
    folders.onDidOpen(changed),
    folders.onDidChange(({ open, what }) => {
      if (open === undefined) {
        forget((known) => !folders.all.includes(known));
      } else if (what === 'checkpoints') {
        changed(open);
      }
    }),
    { dispose: () => forget(() => true) },
  );
}
