import type { AgentConnection, Launcher } from './agentConnection.ts';
import { jsonFile, serverEntry } from './jsonFile.ts';

/** File and form: Cline's MCP reference for its command line and extension. */
export function connectCline(launcher: Launcher): AgentConnection {
  return {
    id: 'cline',
    name: 'Cline',
    hint: 'Cline has no hooks for turns that end: it gets the tools, and makes checkpoints when it is told to.',
    files: [jsonFile('.cline/data/settings/cline_mcp_settings.json', [serverEntry(launcher)])],
  };
}
