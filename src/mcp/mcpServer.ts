import { McpServer, type CallToolResult, type ServerContext, type Tool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { AgentTool } from '../agent/agentTool.ts';
import { type AgentPolicy, approveBy } from '../agent/approval.ts';
import { toolErrorText } from '../agent/toolError.ts';
import { AGENT_TOOLS } from '../agent/tools.ts';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { CheckpointError } from '../core/error.ts';
import { AnswerNeeded, askClient } from './askClient.ts';

export interface McpServerParts {
  readonly session: WorkspaceSession;
  readonly policy: AgentPolicy;
}

/** Of the set of tools; it grows with what agents can do. */
const TOOLS_VERSION = '1.0.0';

const INSTRUCTIONS =
  'Checkpoints of the files of this workspace. Create one with snapshots_create before a risky step; review your work with ' +
  'snapshots_changes and snapshots_diff; take back a file with snapshots_revert, everything with snapshots_restore.';

/** The tools as a server of the Model Context Protocol. One instance serves one connection. */
export function createMcpServer(parts: McpServerParts): McpServer {
  const mcp = new McpServer(
    { name: 'snapshot-timeline', title: 'Snapshot Timeline', version: TOOLS_VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  // The tools check their arguments themselves: what is wrong is told to the model in their own words.
  mcp.server.setRequestHandler('tools/list', async () => ({ tools: AGENT_TOOLS.map(describeTool) }));
  mcp.server.setRequestHandler('tools/call', async ({ params }, context) => {
    try {
      return answer(await callTool(mcp, parts, params, context));
    } catch (error) {
      return error instanceof AnswerNeeded ? error.result : { ...answer(toolErrorText(error)), isError: true };
    }
  });
  return mcp;
}

async function callTool(
  mcp: McpServer,
  { policy, session }: McpServerParts,
  { name, arguments: args }: { readonly name: string; readonly arguments?: unknown },
  context: ServerContext,
): Promise<string> {
  const tool = AGENT_TOOLS.find((each) => each.name === name);
  if (tool === undefined) {
    throw new CheckpointError('usage', `There is no tool "${name}".`, {
      hint: `The tools are ${AGENT_TOOLS.map((each) => each.name).join(', ')}.`,
    });
  }
  return tool.call(
    {
      session,
      approve: approveBy(policy, askClient(context, mcp.server.getClientCapabilities())),
      saveEditors: async () => true,
      now: new Date(),
      operation: { signal: context.mcpReq.signal },
    },
    args,
  );
}

function describeTool({ name, title, description, input, annotations }: AgentTool): Tool {
  const schema = z.toJSONSchema(input, { io: 'input' });
  return {
    name,
    title,
    description,
    inputSchema: { ...schema, type: 'object' } as Tool['inputSchema'],
    annotations: { title, ...annotations },
  };
}

function answer(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}
