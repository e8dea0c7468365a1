import { type AgentConnection, isServerCommand, type Launcher } from './agentConnection.ts';
import { fields, jsonFile } from './jsonFile.ts';

/** File and form: opencode's configuration reference. It has no hooks that start a command. */
export function connectOpencode(launcher: Launcher): AgentConnection {
  const server = {
    into: ['mcp'],
    key: 'checkpoints',
    value: { type: 'local', command: [launcher.path, 'mcp'], enabled: true },
    isOurs: (value: unknown): boolean => {
      const { command } = fields(value);
      return Array.isArray(command) && isServerCommand(command);
    },
  };
  return {
    id: 'opencode',
    name: 'opencode',
    hint: 'opencode has no hooks for turns: it gets the tools, and makes checkpoints when it is told to.',
    files: [jsonFile('.config/opencode/opencode.json', [server])],
  };
}
