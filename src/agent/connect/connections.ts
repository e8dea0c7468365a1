import type { AgentConnection, Launcher } from './agentConnection.ts';
import { connectClaude } from './claude.ts';
import { connectCline } from './cline.ts';
import { connectCodex } from './codex.ts';
import { connectCopilot } from './copilot.ts';
import { connectDockerAgent } from './dockerAgent.ts';
import { connectGemini } from './gemini.ts';
import { connectOpencode } from './opencode.ts';

/** Every agent that can be connected by writing its configuration. */
export function agentConnections(launcher: Launcher): readonly AgentConnection[] {
  return [
    connectClaude,
    connectCopilot,
    connectGemini,
    connectCodex,
    connectOpencode,
    connectCline,
    connectDockerAgent,
  ].map((connect) => connect(launcher));
}
