import { type AgentConnection, hookCommand, type Launcher } from './agentConnection.ts';
import { addYamlBlock, removeYamlBlock } from './yamlBlock.ts';

const EVENTS = ['user_prompt_submit', 'turn_end', 'session_end'];

/** File and form: docker-agent's references of user settings and of hooks. Its tools are part of an agent's own file. */
export function connectDockerAgent(launcher: Launcher): AgentConnection {
  // A double-quoted scalar of YAML takes the same escapes as a string of JSON.
  const command = JSON.stringify(hookCommand(launcher, 'docker-agent'));
  const lines = EVENTS.flatMap((event) => [`${event}:`, '  - type: command', `    command: ${command}`]);
  return {
    id: 'docker-agent',
    name: 'docker-agent',
    hint: 'docker-agent 1.97 or newer reads this; the tools have to be added to the file of each agent.',
    files: [
      {
        path: '.config/cagent/config.yaml',
        connect: (text) => addYamlBlock(text, ['settings', 'hooks'], lines),
        disconnect: removeYamlBlock,
      },
    ],
  };
}
