import { z } from 'zod';
import { redoLastUndo } from '../../app/undo.ts';
import { type Command, optionsOf } from '../command.ts';
import { confirmationOf, outcomeAnswer } from '../restoring.ts';

const options = z.object({ yes: z.boolean().default(false) });

export const redo: Command = {
  name: 'redo',
  operands: '',
  summary: 'Do again what was undone last',
  options: [{ flags: '--yes', text: 'do not ask' }],
  example: 'redo --yes',
  async run(call) {
    const { yes } = optionsOf(call, options);
    const outcome = await redoLastUndo(call.session, confirmationOf(call, yes), call.context);
    return outcomeAnswer(call, [outcome]);
  },
};
