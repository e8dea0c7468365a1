import * as vscode from 'vscode';
import { requireCapability } from '../../core/capabilities.ts';
import { normalizeLabel } from '../../core/label.ts';
import type { Annotation } from '../../core/store.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { chooseCheckpoint, chooseCheckpoints, type CommandArguments, type Located } from './targets.ts';

export async function renameCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Rename');
  const chosen = await chooseCheckpoint(surface, args, title);
  if (chosen === undefined) {
    return;
  }
  const { label } = chosen.checkpoint;
  const prompt = vscode.l10n.t('What do you call "{0}"?', label);
  const answer = normalizeLabel((await surface.prompts.input({ title, prompt, value: label })) ?? '');
  if (answer !== '') {
    await annotate(chosen, { label: answer });
  }
}

export async function editNote(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Edit Note');
  const chosen = await chooseCheckpoint(surface, args, title);
  if (chosen === undefined) {
    return;
  }
  const { label, note } = chosen.checkpoint;
  const prompt = vscode.l10n.t('A note about "{0}". Leave it empty to remove it.', label);
  const answer = await surface.prompts.input({ title, prompt, value: note });
  if (answer !== undefined) {
    await annotate(chosen, { note: answer });
  }
}

export async function pinCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  await annotateAll(await chooseCheckpoints(surface, args, vscode.l10n.t('Pin')), { pinned: true });
}

export async function unpinCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  await annotateAll(await chooseCheckpoints(surface, args, vscode.l10n.t('Unpin')), { pinned: false });
}

async function annotateAll(chosen: readonly Located[], annotation: Annotation): Promise<void> {
  for (const located of chosen) {
    await annotate(located, annotation);
  }
}

async function annotate({ open, checkpoint }: Located, annotation: Annotation): Promise<void> {
  const change = requireCapability(open.storeOf(checkpoint).capabilities.annotate);
  await runTask(open, vscode.l10n.t('Changing "{0}"', checkpoint.label), () => change(checkpoint.id, annotation));
}
