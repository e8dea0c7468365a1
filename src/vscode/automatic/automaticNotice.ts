import * as vscode from 'vscode';
import { BUDGET_MS } from '../../app/automatic/automaticCheckpoints.ts';
import { createWithoutBudget } from '../commands/automatic.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Surface } from '../surface.ts';

const EXCLUDES = 'snapshotTimeline.capture.excludes';

/** Says once when automatic checkpoints begin to fail in a folder, and offers the ways out. */
export function tellAutomaticProblems(surface: Surface): vscode.Disposable {
  const told = new WeakSet<OpenFolder>();
  return surface.automatic.onDidChange((open) => {
    if (open === undefined) {
      return;
    }
    const problem = surface.automatic.of(open)?.problem;
    if (problem === undefined) {
      told.delete(open);
    } else if (!told.has(open)) {
      told.add(open);
      tell(surface, open, problem.kind, problem.message).catch((error: unknown) => surface.log.error(String(error)));
    }
  });
}

async function tell(surface: Surface, open: OpenFolder, kind: 'tooSlow' | 'failed', why: string): Promise<void> {
  const { name } = open.folder;
  surface.log.warn(`${name}: ${why}`);
  const now = vscode.l10n.t('Create Now');
  const exclude = vscode.l10n.t('Exclude Files…');
  const showLog = vscode.l10n.t('Show Log');
  const pause = vscode.l10n.t('Pause');
  const message =
    kind === 'tooSlow'
      ? vscode.l10n.t(
          'Automatic checkpoints of "{0}" take longer than {1} seconds, so none was made. The first one takes the longest: create it now, or exclude large folders that can be made again.',
          name,
          BUDGET_MS / 1000,
        )
      : vscode.l10n.t('No automatic checkpoint of "{0}" could be made. {1}', name, why);
  const answer = await surface.prompts.tell('warning', message, now, kind === 'tooSlow' ? exclude : showLog, pause);
  switch (answer) {
    case now:
      await createWithoutBudget(surface, open);
      break;
    case exclude:
      await vscode.commands.executeCommand('workbench.action.openSettings', EXCLUDES);
      break;
    case showLog:
      surface.log.show();
      break;
    case pause:
      surface.automatic.pause();
      break;
    case undefined:
      break;
  }
}
