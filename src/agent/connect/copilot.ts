import { type AgentConnection, hookCommand, isHookCommand, type Launcher } from './agentConnection.ts';
import type { JsonEntry } from './jsonEntries.ts';
import { fields, jsonFile, serverEntry } from './jsonFile.ts';

const EVENTS = ['UserPromptSubmit', 'Stop', 'SessionEnd'];

/** Files and forms: GitHub's hooks and MCP references for Copilot. In VS Code the tools are there without a server. */
export function connectCopilot(launcher: Launcher): AgentConnection {
  const command = hookCommand(launcher, 'copilot');
  const version: JsonEntry = { into: [], key: 'version', value: 1, isOurs: (value) => value === 1 };
  const hooks = EVENTS.map((event): JsonEntry => ({
    into: ['hooks', event],
    value: { type: 'command', command, timeout: 30 },
    isOurs: (value) => isHookCommand(fields(value)['command'], 'copilot'),
  }));
  return {
    id: 'copilot',
    name: 'GitHub Copilot',
    files: [
      jsonFile('.copilot/hooks/checkpoints.json', [version, ...hooks]),
      jsonFile('.copilot/mcp-config.json', [serverEntry(launcher, { type: 'local', tools: ['*'] })]),
    ],
  };
}
