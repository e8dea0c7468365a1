import * as vscode from 'vscode';
import { requireCapability } from '../../core/capabilities.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';

export async function pauseAutomatic(surface: Surface): Promise<void> {
  surface.automatic.pause();
}

export async function resumeAutomatic(surface: Surface): Promise<void> {
  surface.automatic.resume();
}

/** Makes the automatic checkpoint that took too long, with progress and a button to cancel it. */
export async function createWithoutBudget(surface: Surface, open: OpenFolder): Promise<void> {
  const create = requireCapability(open.session.files.capabilities.create);
  await runTask(open, vscode.l10n.t('Creating a checkpoint'), (task) =>
    create({ origin: 'auto', label: 'with all the time it needs', ifChanged: true }, task),
  );
  surface.automatic.of(open)?.caughtUp();
}
