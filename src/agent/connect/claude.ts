import type { AgentConnection, Launcher } from './agentConnection.ts';
import { groupedHooks, jsonFile, serverEntry } from './jsonFile.ts';

/** Files and forms: Claude Code's settings, hooks and MCP references. */
export function connectClaude(launcher: Launcher): AgentConnection {
  return {
    id: 'claude',
    name: 'Claude Code',
    files: [
      jsonFile(
        '.claude/settings.json',
        groupedHooks(launcher, 'claude', ['UserPromptSubmit', 'Stop', 'SessionEnd'], 30),
      ),
      jsonFile('.claude.json', [serverEntry(launcher, { type: 'stdio' })]),
    ],
  };
}
