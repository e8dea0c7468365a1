import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { once } from 'node:events';
import type { AgentPolicy } from '../agent/approval.ts';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { createMcpServer } from './mcpServer.ts';

export interface McpOptions {
  readonly version: string;
  readonly policy: AgentPolicy;
  /** Opens the folder's session; called once, at the first tool call, and again when that failed. */
  openSession(): Promise<WorkspaceSession>;
  /** Where problems are told that no answer can carry. */
  onError(message: string): void;
}

/**
 * Serves the tools on stdin and stdout, to clients of all protocol versions, until stdin ends. Standard output belongs to
 * the protocol from here on.
 */
export async function serveMcp(options: McpOptions): Promise<void> {
  let opened: Promise<WorkspaceSession> | undefined;
  const session = (): Promise<WorkspaceSession> => {
    opened ??= options.openSession().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const { version, policy } = options;
  const ended = once(process.stdin, 'close');
  const handle = serveStdio(() => createMcpServer({ version, policy, session }), {
    onerror: (error) => options.onError(error.message),
  });
  await ended;
  await handle.close();
  (await opened)?.dispose();
}
