import { z } from 'zod';
import { listTimeline } from '../../app/timeline.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { type Call, type Command, optionsOf, printLines } from '../command.ts';
import { checkpointJson, storeJson } from '../json.ts';
import { shortId } from '../messages.ts';
import { ageText, count, countsText, localTime, table, visible } from '../text.ts';

/** Enough for a person to find what happened lately. Programs get all. */
const NEWEST = 50;

const options = z
  .object({
    all: z.boolean().default(false),
    limit: z.coerce.number('must be a number').int('must be a whole number').positive('must be positive').optional(),
  })
  .refine(({ all, limit }) => !all || limit === undefined, { path: ['limit'], error: 'cannot be used with --all' });

export const list: Command = {
  name: 'list',
  operands: '',
  summary: 'List the checkpoints, newest first',
  options: [
    { flags: '--all', text: `all of them, not only the newest ${NEWEST} (always so with --json)` },
    { flags: '--limit N', text: 'only the newest N' },
  ],
  example: 'list --limit 10',
  async run(call) {
    const { all, limit } = optionsOf(call, options);
    const checkpoints = await listTimeline(call.stores, call.context);
    const most = limit ?? (all || call.wantsJson ? checkpoints.length : NEWEST);
    const shown = checkpoints.slice(0, most);
    return {
      json: () => ({ stores: call.stores.map(storeJson), checkpoints: shown.map(checkpointJson) }),
      human: async () => {
        await printLines(call, table(shown.map((checkpoint) => rowOf(checkpoint, call))));
        await sayWhatIsMissing(call, checkpoints.length, shown.length);
      },
    };
  },
};

function rowOf(checkpoint: Checkpoint, { terminal, now }: Call): string[] {
  const { id, label, createdAt, changes } = checkpoint;
  const time = createdAt === undefined ? undefined : new Date(createdAt);
  const marks = marksOf(checkpoint);
  return [
    terminal.style('yellow', visible(shortId(id))),
    time === undefined ? '' : localTime(time),
    time === undefined ? '' : ageText(time, now),
    changes === undefined ? '' : countsText(changes),
    terminal.style('bold', visible(label)),
    marks.length === 0 ? '' : terminal.style('dim', `(${marks.join(', ')})`),
  ];
}

/** What is special about a checkpoint, its name included where that is not the title. */
function marksOf({ name, label, origin, coverage, pinned }: Checkpoint): string[] {
  const skipped = coverage.skipped.length;
  return [
    ...(origin === 'manual' ? [] : [origin]),
    ...(pinned ? ['pinned'] : []),
    ...(skipped === 0 ? [] : [`partial: ${skipped} left out`]),
    ...(name === label || origin === 'safety' ? [] : [visible(name)]),
  ];
}

async function sayWhatIsMissing(call: Call, total: number, shown: number): Promise<void> {
  for (const { info } of call.stores.filter((store) => store.info.state === 'unavailable')) {
    call.terminal.say(`${visible(info.label)} cannot be reached now; its checkpoints are not shown.\n`);
  }
  if (total === 0) {
    call.terminal.say('There are no checkpoints yet. "checkpoints create" makes the first one.\n');
    const elsewhere = await call.elsewhere();
    if (elsewhere !== undefined) {
      call.terminal.say(`${visible(elsewhere)}\n`);
    }
  } else if (shown < total) {
    call.terminal.say(`${count(total - shown, 'older one', 'older ones')} not shown; --all lists them.\n`);
  }
}
