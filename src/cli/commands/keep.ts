import { requireCapability } from '../../core/capabilities.ts';
import { annotatedAnswer } from '../annotated.ts';
import { type Command, operand } from '../command.ts';

export const keep: Command = {
  name: 'keep',
  operands: 'CP',
  summary: 'Copy a checkpoint that another tool may remove, as docker-agent does',
  options: [],
  example: 'keep docker-agent-1a2b3c4d',
  async run(call) {
    const { checkpoint, store } = await call.find(operand(call, 0), 'keep');
    return annotatedAnswer(call, 'Kept', await requireCapability(store.capabilities.keep)(checkpoint.id, call.context));
  },
};
