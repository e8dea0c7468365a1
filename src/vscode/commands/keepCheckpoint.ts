import * as vscode from 'vscode';
import { requireCapability } from '../../core/capabilities.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { chooseCheckpoints, type CommandArguments } from './targets.ts';

/** Copies checkpoints that another tool may remove, and shows the last copy. */
export async function keepCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  for (const { open, checkpoint } of await chooseCheckpoints(surface, args, vscode.l10n.t('Keep'))) {
    const keep = requireCapability(open.storeOf(checkpoint).capabilities.keep);
    const title = vscode.l10n.t('Keeping "{0}"', checkpoint.label);
    const kept = await runTask(open, title, (task) => keep(checkpoint.id, task));
    await surface.view.select(open, kept);
  }
}
