import { z } from 'zod';
import { planPrune, prune as applyPlan, type PrunePlan } from '../../app/prune.ts';
import type { RemovalReason } from '../../core/retention.ts';
import { type Command, optionsOf, printLines } from '../command.ts';
import { titleOf } from '../messages.ts';
import { count } from '../text.ts';

const options = z.object({ dryRun: z.boolean().default(false) });

export const prune: Command = {
  name: 'prune',
  operands: '',
  summary: 'Delete old automatic checkpoints: hourly, daily, then weekly ones stay',
  options: [{ flags: '--dry-run', text: 'only tell what would be deleted' }],
  example: 'prune --dry-run',
  async run(call) {
    const { dryRun } = optionsOf(call, options);
    const session = { ...call.session, stores: call.stores };
    const plan = await planPrune(session, call.retention, call.now, call.context);
    if (!dryRun) {
      await applyPlan(call.session, plan, call.context);
    }
    return {
      json: () => ({
        deleted: plan.removed.map(({ checkpoint, reason }) => ({ id: checkpoint.id, reason })),
        kept: plan.kept.length,
      }),
      human: () => printLines(call, describe(plan, dryRun)),
    };
  },
};

const REASONS: Readonly<Record<RemovalReason, string>> = {
  age: 'old',
  count: 'too many',
  bytes: 'too large together',
};

function describe({ removed, kept }: PrunePlan, dryRun: boolean): string[] {
  if (removed.length === 0) {
    return [`There is nothing to prune; all ${kept.length} stay.`];
  }
  const sum = `${count(removed.length, 'checkpoint')}; ${kept.length} stay.`;
  return [
    dryRun ? `Would delete ${sum}` : `Deleted ${sum}`,
    ...removed.map(({ checkpoint, reason }) => `  ${titleOf(checkpoint)}: ${REASONS[reason]}`),
  ];
}
