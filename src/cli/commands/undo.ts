import { z } from 'zod';
import { undoLastRestore } from '../../app/undo.ts';
import { type Command, optionsOf } from '../command.ts';
import { confirmationOf, outcomeAnswer } from '../restoring.ts';

const options = z.object({ yes: z.boolean().default(false) });

export const undo: Command = {
  name: 'undo',
  operands: '',
  summary: 'Take back the last restore or revert',
  options: [{ flags: '--yes', text: 'do not ask' }],
  example: 'undo --yes',
  async run(call) {
    const { yes } = optionsOf(call, options);
    const outcome = await undoLastRestore(call.session, confirmationOf(call, yes), call.context);
    return outcomeAnswer(call, [outcome]);
  },
};
