import { type Command, printLines } from '../command.ts';
import { storeJson } from '../json.ts';
import { table, visible } from '../text.ts';

export const stores: Command = {
  name: 'stores',
  operands: '',
  summary: 'List what holds checkpoints of the folder, and why',
  options: [],
  example: 'stores',
  async run(call) {
    return {
      json: () => ({ stores: call.stores.map((store) => ({ ...storeJson(store), why: store.info.why })) }),
      human: () => {
        const rows = call.stores.map(({ info }) => [info.id, info.label, info.state, info.why].map(visible));
        return printLines(call, table(rows));
      },
    };
  },
};
