import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { once } from 'node:events';
import { createMcpServer, type McpServerParts } from './mcpServer.ts';

export interface McpOptions extends McpServerParts {
  /** Ends the server, as the end of its input does. */
  readonly signal: AbortSignal;
  /** Told of problems that no answer can carry. */
  readonly onError: (message: string) => void;
}

/**
 * Serves the tools on stdin and stdout, to clients of all protocol versions, until stdin ends. Standard output belongs to
 * the protocol from here on.
 */
export async function serveMcp({ signal, onError, ...parts }: McpOptions): Promise<void> {
  const ended = Promise.race([once(process.stdin, 'close'), once(signal, 'abort')]);
  const handle = serveStdio(() => createMcpServer(parts), { onerror: (error) => onError(error.message) });
  await ended;
  await handle.close();
}
