import { requireCapability } from '../../core/capabilities.ts';
import { annotatedAnswer } from '../annotated.ts';
import { type Command, operand } from '../command.ts';

export const rename: Command = {
  name: 'rename',
  operands: 'CP NAME',
  summary: 'Give a checkpoint another name',
  options: [],
  example: 'rename @latest "works again"',
  async run(call) {
    const { checkpoint, store } = await call.find(operand(call, 0));
    const annotate = requireCapability(store.capabilities.annotate);
    return annotatedAnswer(call, 'Renamed', await annotate(checkpoint.id, { label: operand(call, 1) }, call.context));
  },
};
