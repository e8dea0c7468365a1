import * as vscode from 'vscode';
import { deleteCheckpoints as remove, planDeleteAll } from '../../app/deleteCheckpoints.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { NOW } from '../../core/restorePlan.ts';
import { changesBetween, differenceIn, openDifferences, openMultiDiff } from '../comparison.ts';
import { changesText, checkpointsText, totalOf } from '../format.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { chooseCheckpoints, chooseFolder, type CommandArguments } from './targets.ts';

const MOST_NAMES = 10;

export async function deleteCheckpoints(surface: Surface, args: CommandArguments): Promise<void> {
  const chosen = await chooseCheckpoints(surface, args, vscode.l10n.t('Delete'));
  for (const [open, members] of Map.groupBy(chosen, (located) => located.open)) {
    await askAndDelete(
      surface,
      open,
      members.map(({ checkpoint }) => checkpoint),
      [],
    );
  }
}

export async function deleteAllCheckpoints(surface: Surface, args: CommandArguments): Promise<void> {
  const open = await chooseFolder(surface, args, vscode.l10n.t('Delete All'));
  if (open === undefined) {
    return;
  }
  const { deleted, kept } = await planDeleteAll(open.session.stores);
  if (deleted.length === 0) {
    surface.view.say(vscode.l10n.t('Nothing to delete: pinned checkpoints are kept.'));
    return;
  }
  await askAndDelete(surface, open, deleted, kept);
}

async function askAndDelete(
  surface: Surface,
  open: OpenFolder,
  checkpoints: readonly Checkpoint[],
  kept: readonly Checkpoint[],
): Promise<void> {
  const [first] = checkpoints;
  if (first === undefined) {
    return;
  }
  const isOne = checkpoints.length === 1;
  const what = isOne ? `"${first.label}"` : checkpointsText(checkpoints.length);
  const looks = checkpoints.filter((checkpoint) => open.storeOf(checkpoint).capabilities.files.available);
  const agreed = await surface.prompts.confirm({
    message: vscode.l10n.t('Delete {0}?', what),
    detail: detail(checkpoints, kept),
    action: vscode.l10n.t('Delete'),
    ...(looks.length > 0 ? { preview: () => preview(surface, open, looks) } : {}),
  });
  if (!agreed) {
    return;
  }
  const title = vscode.l10n.t('Deleting {0}', what);
  await runTask(open, title, (task) => remove(open.session.stores, checkpoints, task));
  surface.view.say(undefined);
}

function detail(checkpoints: readonly Checkpoint[], kept: readonly Checkpoint[]): string {
  const counts = checkpoints.flatMap(({ changes }) => (changes === undefined ? [] : [totalOf(changes)]));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return [
    ...(counts.length === 0 ? [] : [vscode.l10n.t('Recorded there: {0}.', changesText(total))]),
    vscode.l10n.t('This cannot be undone. The files of the workspace stay as they are.'),
    ...(kept.length === 0 ? [] : [vscode.l10n.t('Pinned and kept: {0}.', checkpointsText(kept.length))]),
    ...(checkpoints.length === 1 ? [] : ['', ...names(checkpoints)]),
  ].join('\n');
}

/** Shows what would be gone: of one, all that the workspace no longer has; of several, what each of them changed. */
async function preview(surface: Surface, open: OpenFolder, checkpoints: readonly Checkpoint[]): Promise<void> {
  const [only, ...others] = checkpoints;
  if (only === undefined) {
    return;
  }
  if (others.length > 0) {
    const title = vscode.l10n.t('What {0} changed', checkpointsText(checkpoints.length));
    await openDifferences(title, await Promise.all(checkpoints.map((checkpoint) => differenceIn(open, checkpoint))));
    return;
  }
  const comparison = { open, store: open.storeOf(only), from: only.id, to: NOW };
  const changes = await changesBetween(comparison);
  if (changes.length === 0) {
    surface.view.say(vscode.l10n.t('The workspace is as it was at "{0}".', only.label));
  } else {
    await openMultiDiff(comparison, changes);
  }
}

function names(checkpoints: readonly Checkpoint[]): readonly string[] {
  const more = checkpoints.length - MOST_NAMES;
  const shown = checkpoints.slice(0, MOST_NAMES).map(({ label }) => label);
  return more > 0 ? [...shown, vscode.l10n.t('… and {0} more', more)] : shown;
}
