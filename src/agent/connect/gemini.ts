import type { AgentConnection, Launcher } from './agentConnection.ts';
import { groupedHooks, jsonFile, serverEntry } from './jsonFile.ts';

/** File and forms: Gemini CLI's configuration and hooks references. Times are in milliseconds there. */
export function connectGemini(launcher: Launcher): AgentConnection {
  const hooks = groupedHooks(launcher, 'gemini', ['BeforeAgent', 'AfterAgent', 'SessionEnd'], 30_000);
  return {
    id: 'gemini',
    name: 'Gemini CLI',
    files: [jsonFile('.gemini/settings.json', [...hooks, serverEntry(launcher)])],
  };
}
