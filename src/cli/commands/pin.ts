import { requireCapability } from '../../core/capabilities.ts';
import { annotatedAnswer } from '../annotated.ts';
import { type Answer, type Call, type Command, operand } from '../command.ts';

export const pin: Command = {
  name: 'pin',
  operands: 'CP',
  summary: 'Keep a checkpoint when all others are deleted',
  options: [],
  example: 'pin before-refactoring',
  run: (call) => setPinned(call, true),
};

export const unpin: Command = {
  name: 'unpin',
  operands: 'CP',
  summary: 'Let go of a pinned checkpoint',
  options: [],
  example: 'unpin before-refactoring',
  run: (call) => setPinned(call, false),
};

async function setPinned(call: Call, pinned: boolean): Promise<Answer> {
  const { checkpoint, store } = await call.find(operand(call, 0));
  const annotated = await requireCapability(store.capabilities.annotate)(checkpoint.id, { pinned }, call.context);
  return annotatedAnswer(call, pinned ? 'Pinned' : 'Unpinned', annotated);
}
