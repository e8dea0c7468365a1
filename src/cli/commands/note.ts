import { requireCapability } from '../../core/capabilities.ts';
import { annotatedAnswer } from '../annotated.ts';
import { type Command, operand } from '../command.ts';

export const note: Command = {
  name: 'note',
  operands: 'CP TEXT',
  summary: 'Set the note of a checkpoint; an empty text removes it',
  options: [],
  example: 'note @latest "the last one with the old parser"',
  async run(call) {
    const { checkpoint, store } = await call.find(operand(call, 0));
    const annotate = requireCapability(store.capabilities.annotate);
    return annotatedAnswer(call, 'Noted', await annotate(checkpoint.id, { note: operand(call, 1) }, call.context));
  },
};
