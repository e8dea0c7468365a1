import { z } from 'zod';
import { type Command, optionsOf } from '../command.ts';

const POLICIES = ['ask', 'allow', 'refuse'] as const;

const options = z.object({ agents: z.enum(POLICIES).default('ask') });

export const mcp: Command = {
  name: 'mcp',
  operands: '',
  summary: 'Serve the checkpoints of the folder to an agent (Model Context Protocol on stdin and stdout)',
  options: [
    {
      flags: '--agents WHAT',
      text: 'when an agent wants to restore, undo, delete or compact (default: ask the user through the agent)',
      choices: POLICIES,
    },
  ],
  example: 'mcp -C ~/project',
  async run(call) {
    const { agents } = optionsOf(call, options);
    // Loaded only here: no other command needs the protocol's library.
    const { serveMcp } = await import('../../mcp/main.ts');
    const onError = (message: string): void => call.terminal.say(`checkpoints: ${message}\n`);
    await serveMcp({ session: call.session, policy: agents, signal: call.context.signal, onError });
    return { json: () => ({}), human: () => undefined };
  },
};
