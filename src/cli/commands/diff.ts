import { requireCapability } from '../../core/capabilities.ts';
import { CheckpointError } from '../../core/error.ts';
import { pathFromBytes } from '../../platform/pathBytes.ts';
import { type Command, operand } from '../command.ts';
import { twoStates } from '../twoStates.ts';

export const diff: Command = {
  name: 'diff',
  operands: 'FROM [TO] [PATH…]',
  summary: 'Show the differences as a unified diff; paths stand after "--"',
  options: [],
  example: 'diff before-refactoring -- src/main.ts',
  async run(call) {
    const states = call.operands.slice(0, call.operands.length - call.afterDashes);
    const paths = call.operands.slice(states.length);
    if (states.length === 0 || states.length > 2) {
      throw new CheckpointError('usage', 'Name one or two checkpoints; paths stand after "--".');
    }
    const { from, to, store } = await twoStates(call, operand(call, 0), states[1]);
    const chunks = requireCapability(store.capabilities.files).diff(from, to, paths, call.context);
    return {
      json: async () => ({ from, to, diff: pathFromBytes(await collect(chunks)) }),
      human: async () => {
        for await (const chunk of chunks) {
          await call.terminal.print(chunk);
        }
      },
    };
  },
};

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) {
    collected.push(chunk);
  }
  return Buffer.concat(collected);
}
