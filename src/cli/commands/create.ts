import { z } from 'zod';
import { requireCapability } from '../../core/capabilities.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { CheckpointError } from '../../core/error.ts';
import type { CheckpointStore } from '../../core/store.ts';
import { type Call, type Command, operand, optionsOf, printLines } from '../command.ts';
import { checkpointJson } from '../json.ts';
import { titleOf } from '../messages.ts';
import { count, countsSentence } from '../text.ts';

const ORIGINS = ['manual', 'auto', 'agent'] as const;
const SCOPES = ['workspace', 'sandbox'] as const;
type Scope = (typeof SCOPES)[number];

const options = z.object({
  note: z.string().optional(),
  origin: z.enum(ORIGINS).default('manual'),
  ifChanged: z.boolean().default(false),
  stateful: z.boolean().default(false),
  scope: z.enum(SCOPES).optional(),
});

export const create: Command = {
  name: 'create',
  operands: '[NAME]',
  summary: 'Create a checkpoint of everything as it is now',
  options: [
    { flags: '--note TEXT', text: 'what it is for, in your own words' },
    { flags: '--origin WHO', text: 'who asks for it (default: manual)', choices: ORIGINS },
    { flags: '--if-changed', text: 'only if something changed since the newest checkpoint' },
    { flags: '--stateful', text: 'also hold the running memory of the sandbox' },
    { flags: '--scope WHAT', text: 'what it holds (default: workspace)', choices: SCOPES },
  ],
  example: 'create "before the refactoring" --note "all tests pass"',
  async run(call) {
    const { note, origin, ifChanged, stateful, scope } = optionsOf(call, options);
    const label = operand(call, 0);
    const checkpoint = await requireCapability(chosenStore(call, stateful, scope).capabilities.create)(
      {
        origin,
        ifChanged,
        stateful,
        ...(label === '' ? {} : { label }),
        ...(note === undefined ? {} : { note }),
      },
      call.context,
    );
    return {
      json: () => ({
        checkpoint: checkpoint === undefined ? null : checkpointJson(checkpoint),
        created: checkpoint !== undefined,
      }),
      human: () => printLines(call, describe(checkpoint)),
    };
  },
};

/** The only store that `--store` leaves and that has what is wanted; without `--store` that of the folder's files. */
function chosenStore({ stores, session }: Call, stateful: boolean, scope: Scope | undefined): CheckpointStore {
  const sandboxes = stores.filter(({ capabilities }) => capabilities.sandbox.available);
  const wantsSandbox = stateful || scope === 'sandbox';
  const [only, ...others] = wantsSandbox ? sandboxes : stores;
  if (wantsSandbox && only === undefined) {
    throw new CheckpointError('unsupported', 'There is no sandbox here whose state could be held.', {
      hint: 'Leave out --stateful and --scope to hold the files of the folder.',
    });
  }
  if (wantsSandbox && others.length > 0) {
    throw new CheckpointError('ambiguous', `This folder has ${sandboxes.length} sandboxes.`, {
      hint: `Choose one by --store: ${sandboxes.map(({ info }) => info.id).join(', ')}.`,
    });
  }
  return only !== undefined && (others.length === 0 || wantsSandbox) ? only : session.files;
}

function describe(checkpoint: Checkpoint | undefined): string[] {
  if (checkpoint === undefined) {
    return ['Nothing changed since the newest checkpoint, so none was created.'];
  }
  const { changes, coverage } = checkpoint;
  const summary = changes === undefined ? '' : `: ${countsSentence(changes)}`;
  const skipped = coverage.skipped.length;
  const left = `${count(skipped, 'path was', 'paths were')} left out; "checkpoints show @latest" says which and why.`;
  return [`Created ${titleOf(checkpoint)}${summary}.`, ...(skipped === 0 ? [] : [left])];
}
