import { z } from 'zod';
import { compactCheckpoints } from '../../app/compactCheckpoints.ts';
import { type Command, optionsOf, printLines } from '../command.ts';
import { checkpointJson } from '../json.ts';
import { titleOf } from '../messages.ts';

const options = z.object({ name: z.string().optional() });

export const compact: Command = {
  name: 'compact',
  operands: 'CP CP…',
  summary: 'Make one checkpoint of several: the newest state stays, the history between them goes',
  options: [{ flags: '--name NAME', text: 'name of the result (default: that of the newest)' }],
  example: 'compact morning noon evening --name monday',
  async run(call) {
    const { name } = optionsOf(call, options);
    const found = await Promise.all(call.operands.map((text) => call.find(text, 'compact')));
    const sources = [...new Map(found.map(({ checkpoint }) => [checkpoint.id, checkpoint])).values()];
    const result = await compactCheckpoints(call.stores, sources, name, call.context);
    return {
      json: () => ({ checkpoint: checkpointJson(result), deleted: sources.map(({ id }) => id) }),
      human: () => printLines(call, [`Made ${titleOf(result)} of ${sources.length} checkpoints.`]),
    };
  },
};
