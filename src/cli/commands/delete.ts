import { z } from 'zod';
import { type DeleteAllPlan, deleteCheckpoints, planDeleteAll } from '../../app/deleteCheckpoints.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { CheckpointError } from '../../core/error.ts';
import { type Call, type Command, optionsOf, printLines } from '../command.ts';
import { confirm } from '../confirm.ts';
import { titleOf } from '../messages.ts';
import { count, firstLines } from '../text.ts';

const options = z.object({ all: z.boolean().default(false), yes: z.boolean().default(false) });

const MOST_TITLES = 10;

export const deleteCommand: Command = {
  name: 'delete',
  operands: '[CP…]',
  summary: 'Delete checkpoints; the files of the folder stay as they are',
  options: [
    { flags: '--all', text: 'all but the pinned ones' },
    { flags: '--yes', text: 'do not ask' },
  ],
  example: 'delete snap-20250131-102033 --yes',
  async run(call) {
    const { all, yes } = optionsOf(call, options);
    const plan = await planOf(call, all);
    if (plan.deleted.length > 0) {
      await confirm(call, yes, {
        lines: firstLines(plan.deleted.map(titleOf), MOST_TITLES),
        what: `Delete ${count(plan.deleted.length, 'checkpoint')} for good`,
      });
      await deleteCheckpoints(call.stores, plan.deleted, call.context);
    }
    const ids = (checkpoints: readonly Checkpoint[]): string[] => checkpoints.map(({ id }) => id);
    return {
      json: () => ({ deleted: ids(plan.deleted), kept: ids(plan.kept) }),
      human: () => printLines(call, describe(plan)),
    };
  },
};

async function planOf(call: Call, all: boolean): Promise<DeleteAllPlan> {
  const named = call.operands.length > 0;
  if (all === named) {
    throw new CheckpointError(
      'usage',
      all ? 'Name checkpoints or use --all, not both.' : 'Name a checkpoint, or use --all.',
    );
  }
  if (all) {
    return planDeleteAll(call.stores);
  }
  const found = await Promise.all(call.operands.map((text) => call.find(text)));
  const once = new Map(found.map(({ checkpoint }) => [checkpoint.id, checkpoint]));
  return { deleted: [...once.values()], kept: [] };
}

function describe({ deleted, kept }: DeleteAllPlan): string[] {
  const pinned = kept.length === 0 ? [] : [`Kept ${count(kept.length, 'pinned one', 'pinned ones')}.`];
  return [
    deleted.length === 0 ? 'There is nothing to delete.' : `Deleted ${count(deleted.length, 'checkpoint')}.`,
    ...pinned,
  ];
}
