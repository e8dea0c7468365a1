import type { AgentConnection, Launcher } from './agentConnection.ts';
import { groupedHooks, jsonFile } from './jsonFile.ts';
import { addTomlBlock, removeTomlBlock } from './tomlBlock.ts';

/** Files and forms: the configuration reference and the schemas of hooks in Codex' repository. */
export function connectCodex(launcher: Launcher): AgentConnection {
  // A basic string of TOML takes the same escapes as one of JSON.
  const lines = ['[mcp_servers.checkpoints]', `command = ${JSON.stringify(launcher.path)}`, 'args = ["mcp"]'];
  return {
    id: 'codex',
    name: 'Codex',
    hint: 'Codex asks you to trust the new hooks before it runs them.',
    files: [
      jsonFile('.codex/hooks.json', groupedHooks(launcher, 'codex', ['UserPromptSubmit', 'Stop'], 30)),
      {
        path: '.codex/config.toml',
        connect: (text) => addTomlBlock(text, lines),
        disconnect: removeTomlBlock,
      },
    ],
  };
}
