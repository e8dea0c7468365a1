import { AGENT_TOOLS } from '../../src/agent/tools.ts';
import type { Approval, ApprovalRequest } from '../../src/agent/approval.ts';
import { toolErrorText } from '../../src/agent/toolError.ts';
import { type MemorySession, openMemorySession } from './memorySession.ts';

/** A session in memory as an agent sees it. */
export interface AgentSession {
  readonly memory: MemorySession;
  /** What a person was asked, as text. */
  readonly asked: ApprovalRequest[];
  readonly answers: { approval: Approval; saveEditors: boolean };
  /** The answer of a tool, errors as `Error: …`. */
  readonly call: (tool: string, args?: unknown) => Promise<string>;
  /** The answer as a value. */
  readonly json: (tool: string, args?: unknown) => Promise<unknown>;
}

/** Checkpoints are a minute apart from 2025-01-01 00:00 on; it is 00:10. */
const NOW = new Date(Date.UTC(2025, 0, 1, 0, 10));

export function openAgentSession(): AgentSession {
  const memory = openMemorySession();
  const asked: ApprovalRequest[] = [];
  const answers: AgentSession['answers'] = { approval: { allowed: true }, saveEditors: true };
  const call = async (name: string, args: unknown): Promise<string> => {
    const tool = AGENT_TOOLS.find((each) => each.name === name);
    if (tool === undefined) {
      throw new Error(`There is no tool ${name}.`);
    }
    return tool.call(
      {
        session: memory.session,
        now: NOW,
        saveEditors: async () => answers.saveEditors,
        approve: async (request) => {
          asked.push(request);
          return answers.approval;
        },
      },
      args,
    );
  };
  return {
    memory,
    asked,
    answers,
    call: (tool, args) => call(tool, args).catch((error: unknown) => `Error: ${toolErrorText(error)}`),
    json: async (tool, args) => JSON.parse(await call(tool, args)) as unknown,
  };
}
