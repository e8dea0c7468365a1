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
    const { absence } = call.session;
    return {
      json: () => ({
        stores: call.stores.map((store) => ({ ...storeJson(store), why: store.info.why })),
        absence: absence === undefined ? null : { reason: absence.reason, message: absence.message },
      }),
      human: async () => {
        const rows = call.stores.map(({ info }) => [info.id, info.label, info.state, info.why].map(visible));
        await printLines(call, table(rows));
        if (absence !== undefined) {
          call.terminal.say(`No sandbox: ${visible([absence.message, absence.hint ?? ''].join(' ').trim())}\n`);
        }
      },
    };
  },
};
