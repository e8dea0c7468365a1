import { requireCapability } from '../../core/capabilities.ts';
import { type Command, operand } from '../command.ts';

export const cat: Command = {
  name: 'cat',
  operands: 'CP PATH',
  summary: 'Print a file as it was at a checkpoint, byte for byte',
  options: [],
  example: 'cat @latest src/main.ts',
  async run(call) {
    const { checkpoint, store } = await call.find(operand(call, 0), 'files');
    const path = operand(call, 1);
    const bytes = Buffer.from(await requireCapability(store.capabilities.files).read(checkpoint.id, path));
    return {
      json: () => {
        const text = bytes.toString('utf8');
        const isText = Buffer.from(text, 'utf8').equals(bytes);
        const content = isText
          ? { encoding: 'utf8', content: text }
          : { encoding: 'base64', content: bytes.toString('base64') };
        return { checkpoint: checkpoint.id, path, ...content };
      },
      human: () => call.terminal.print(bytes),
    };
  },
};
