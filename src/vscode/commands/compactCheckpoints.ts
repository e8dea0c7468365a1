import * as vscode from 'vscode';
import { compactCheckpoints as compact } from '../../app/compactCheckpoints.ts';
import { normalizeLabel } from '../../core/label.ts';
import { checkpointsText } from '../format.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { chooseCheckpoints, type CommandArguments } from './targets.ts';

/** Giving up at any question leaves everything as it is. */
export async function compactCheckpoints(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Compact');
  const selected = await chooseCheckpoints(surface, args, vscode.l10n.t('Compact: choose at least two checkpoints'));
  const chosen = selected.length === 1 ? await chooseCheckpoints(surface, [], title) : selected;
  const [first] = chosen;
  if (first === undefined) {
    return;
  }
  if (chosen.length < 2 || chosen.some(({ open }) => open !== first.open)) {
    surface.view.say(vscode.l10n.t('Choose at least two checkpoints of one folder to compact them.'));
    return;
  }
  const { open } = first;
  const checkpoints = chosen.map(({ checkpoint }) => checkpoint);
  const agreed = await surface.prompts.confirm({
    message: vscode.l10n.t('Make one checkpoint of {0}?', checkpointsText(chosen.length)),
    detail: vscode.l10n.t('It holds the state of the newest of them; the states before it are deleted for good.'),
    action: title,
  });
  const prompt = vscode.l10n.t('What do you call it? Leave it empty to keep the name of the newest.');
  const label = agreed ? await surface.prompts.input({ title, prompt }) : undefined;
  if (label === undefined) {
    return;
  }
  const name = normalizeLabel(label) || undefined;
  const result = await runTask(open, vscode.l10n.t('Compacting'), (task) =>
    compact(open.session.stores, checkpoints, name, task),
  );
  surface.view.say(vscode.l10n.t('"{0}" holds what {1} held.', result.label, checkpointsText(chosen.length)));
}
