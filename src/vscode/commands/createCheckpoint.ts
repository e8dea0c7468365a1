import * as vscode from 'vscode';
import { requireCapability } from '../../core/capabilities.ts';
import { normalizeLabel } from '../../core/label.ts';
import { filesText } from '../format.ts';
import { runTask } from '../task.ts';
import { requireTrust } from '../trust.ts';
import type { Surface } from '../surface.ts';
import { chooseFolder, rowOf, type CommandArguments } from './targets.ts';

export async function createCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  await create(surface, args, '');
}

export async function createNamedCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  const label = await surface.prompts.input({
    title: vscode.l10n.t('Create Checkpoint'),
    prompt: vscode.l10n.t('What do you call the present state? Leave it empty for an automatic name.'),
  });
  if (label !== undefined) {
    await create(surface, args, normalizeLabel(label));
  }
}

async function create(surface: Surface, args: CommandArguments, label: string): Promise<void> {
  requireTrust();
  const open = await chooseFolder(surface, args, vscode.l10n.t('Create Checkpoint'));
  if (open === undefined) {
    return;
  }
  const row = rowOf(args);
  const store = row?.kind === 'store' ? row.store : open.session.files;
  const create = requireCapability(store.capabilities.create);
  const checkpoint = await runTask(open, vscode.l10n.t('Creating a checkpoint'), (task) =>
    create({ origin: 'manual', ...(label === '' ? {} : { label }) }, task),
  );
  if (checkpoint !== undefined) {
    const skipped = checkpoint.coverage.skipped.length;
    surface.view.say(
      skipped === 0
        ? undefined
        : vscode.l10n.t('"{0}" left out {1}: Show Skipped Files lists them.', checkpoint.label, filesText(skipped)),
    );
    await surface.view.select(open, checkpoint);
  }
}
