import * as vscode from 'vscode';
import { restoreCheckpoint as restore } from '../../app/restoreCheckpoint.ts';
import { restoresSandbox } from '../../app/restoreSandbox.ts';
import { requireCapability } from '../../core/capabilities.ts';
import { NOW } from '../../core/restorePlan.ts';
import { changesText } from '../format.ts';
import type { Choice } from '../prompts.ts';
import { relativePath } from '../stateUri.ts';
import type { Surface } from '../surface.ts';
import { requireTrust } from '../trust.ts';
import { runRestore } from './restoreDialog.ts';
import { restoreSandbox } from './restoreSandbox.ts';
import {
  can,
  chooseCheckpoint,
  pickCheckpoint,
  uriOf,
  withoutBack,
  type CommandArguments,
  type Located,
} from './targets.ts';

export async function restoreCheckpoint(surface: Surface, args: CommandArguments): Promise<void> {
  const target = await chooseCheckpoint(surface, args, vscode.l10n.t('Restore'));
  if (target !== undefined && restoresSandbox(target.open.storeOf(target.checkpoint))) {
    await restoreSandbox(surface, target);
  } else if (target !== undefined) {
    await restorePaths(surface, target, []);
  }
}

/** From the Explorer the folder is known and the checkpoint is asked for; from the view it is the other way round. */
export async function restoreFolder(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Restore Folder');
  const uri = uriOf(args);
  if (uri === undefined) {
    const target = await chooseCheckpoint(surface, args, title, 'files');
    const path = target === undefined ? undefined : await pickFolder(surface, target, title);
    if (target !== undefined && path !== undefined) {
      await restorePaths(surface, target, path === '' ? [] : [path]);
    }
    return;
  }
  const open = surface.folders.of(uri);
  if (open === undefined) {
    surface.view.say(vscode.l10n.t('"{0}" is in no folder that has checkpoints.', uri.path));
    return;
  }
  const target = withoutBack(
    await pickCheckpoint(surface, { title }, (located) => located.open === open && can(located, 'files')),
  );
  const path = relativePath(open, uri);
  if (target !== undefined) {
    await restorePaths(surface, target, path === '' ? [] : [path]);
  }
}

async function restorePaths(surface: Surface, { open, checkpoint }: Located, paths: readonly string[]): Promise<void> {
  const target = { checkpoint, store: open.storeOf(checkpoint) };
  await runRestore(surface, open, vscode.l10n.t('Restoring "{0}"', checkpoint.label), (questions, task) =>
    restore(open.session, target, paths, questions, task),
  );
}

/** Asks for one of the folders in which something differs from the checkpoint. */
async function pickFolder(surface: Surface, target: Located, title: string): Promise<string | undefined> {
  const placeholder = vscode.l10n.t('Choose a folder that differs from "{0}"', target.checkpoint.label);
  return withoutBack(await surface.prompts.pick(folderChoices(target), { title, placeholder }));
}

async function folderChoices({ open, checkpoint }: Located): Promise<readonly Choice<string>[]> {
  requireTrust();
  const files = requireCapability(open.storeOf(checkpoint).capabilities.files);
  const changes = await files.changes(checkpoint.id, NOW);
  const counts = new Map<string, number>();
  for (const folder of changes.flatMap(({ path }) => ancestors(path))) {
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, count]) => ({
      label: path === '' ? vscode.l10n.t('The whole folder') : path.toWellFormed(),
      description: changesText(count),
      value: path,
    }));
}

/** Every folder that a path lies in, the workspace folder ("") included. */
function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}
