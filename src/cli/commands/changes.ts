import { requireCapability } from '../../core/capabilities.ts';
import { countChanges } from '../../core/change.ts';
import { type Command, operand, printLines } from '../command.ts';
import { changesJson } from '../json.ts';
import { changeLine, countsSentence } from '../text.ts';
import { twoStates } from '../twoStates.ts';

export const changes: Command = {
  name: 'changes',
  operands: '[FROM] [TO]',
  summary: 'List what changed between two checkpoints, or since one (default: the newest) until now',
  options: [],
  example: 'changes @latest',
  async run(call) {
    const { from, to, store } = await twoStates(call, operand(call, 0) || '@latest', call.operands[1]);
    const found = await requireCapability(store.capabilities.files).changes(from, to, call.context);
    return {
      json: () => ({ from, to, changes: changesJson(found) }),
      human: async () => {
        await printLines(
          call,
          found.map((change) => changeLine(call.terminal, change)),
        );
        call.terminal.say(`${countsSentence(countChanges(found))}\n`);
      },
    };
  },
};
