import * as vscode from 'vscode';
import { diskUseOf, planPrune, prune, type PrunePlan } from '../../app/prune.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { bytesOfEach } from '../../core/diskUse.ts';
import type { RemovalReason } from '../../core/retention.ts';
import { age, checkpointsText, fileSize } from '../format.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Choice } from '../prompts.ts';
import { readRetentionSettings } from '../settings.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { chooseFolder, withoutBack, type CommandArguments } from './targets.ts';

/** What a folder's checkpoints cost, and what retention would remove of them. */
interface Costs {
  readonly bytes: number;
  readonly each: ReadonlyMap<string, number>;
  readonly plan: PrunePlan;
}

/** Lists what each checkpoint costs, the dearest first, and offers to remove what retention would. */
export async function showDiskUse(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Show Disk Use');
  const open = await chooseFolder(surface, args, title);
  if (open === undefined) {
    return;
  }
  const costs = await runTask(open, title, () => measure(open));
  const chosen = withoutBack(
    await surface.prompts.pick(choices(costs), {
      title: vscode.l10n.t('Disk Use: {0}', fileSize(costs.bytes)),
      placeholder: vscode.l10n.t('What deleting each checkpoint alone would free'),
    }),
  );
  if (chosen === 'prune') {
    await askAndPrune(surface, open, costs);
  } else if (chosen !== undefined) {
    await surface.view.select(open, chosen);
  }
}

async function measure({ session, folder }: OpenFolder): Promise<Costs> {
  const uses = await Promise.all(session.stores.map((store) => diskUseOf(store)));
  return {
    bytes: uses.reduce((sum, use) => sum + (use?.bytes ?? 0), 0),
    each: bytesOfEach(uses.flatMap((use) => use?.parts ?? [])),
    plan: await planPrune(session, readRetentionSettings(folder.uri), new Date()),
  };
}

function choices({ each, plan }: Costs): Choice<Checkpoint | 'prune'>[] {
  const reasons = new Map(plan.removed.map(({ checkpoint, reason }) => [checkpoint, reason]));
  const cost = ({ id }: Checkpoint): number => each.get(id) ?? 0;
  const known = [...plan.removed.map(({ checkpoint }) => checkpoint), ...plan.kept];
  const rows = known
    .toSorted((a, b) => cost(b) - cost(a))
    .map((checkpoint) => {
      const reason = reasons.get(checkpoint);
      const facts = [fileSize(cost(checkpoint)), age(checkpoint.createdAt), reason && reasonText(reason)];
      return { label: checkpoint.label, description: facts.filter(Boolean).join(' · '), value: checkpoint };
    });
  const removable = plan.removed.length;
  return [
    {
      label: removable === 0 ? vscode.l10n.t('$(check) Nothing to Prune') : vscode.l10n.t('$(trash) Prune…'),
      description:
        removable === 0
          ? vscode.l10n.t('the rules of retention keep all {0}', checkpointsText(known.length))
          : vscode.l10n.t('{0} would go by the rules of retention', checkpointsText(removable)),
      value: 'prune',
    },
    ...rows,
  ];
}

async function askAndPrune(surface: Surface, open: OpenFolder, { plan }: Costs): Promise<void> {
  if (plan.removed.length === 0) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'snapshotTimeline.retention');
    return;
  }
  const agreed = await surface.prompts.confirm({
    message: vscode.l10n.t('Delete {0} that the rules of retention do not keep?', checkpointsText(plan.removed.length)),
    detail: vscode.l10n.t('This cannot be undone. The files of the workspace stay as they are.'),
    action: vscode.l10n.t('Prune'),
  });
  if (agreed) {
    await runTask(open, vscode.l10n.t('Pruning'), (task) => prune(open.session, plan, task));
    surface.view.say(vscode.l10n.t('{0} deleted.', checkpointsText(plan.removed.length)));
  }
}

function reasonText(reason: RemovalReason): string {
  const texts: Record<RemovalReason, string> = {
    age: vscode.l10n.t('would go: old'),
    count: vscode.l10n.t('would go: too many'),
    bytes: vscode.l10n.t('would go: too large together'),
  };
  return texts[reason];
}
