// A server process over a folder in memory: `node mcpMemoryServer.ts [ask|allow|refuse]`.
import type { AgentPolicy } from '../../src/agent/approval.ts';
import { serveMcp } from '../../src/mcp/main.ts';
import { openMemorySession } from './memorySession.ts';

const { session, workspace, create } = openMemorySession();
workspace.write({ 'a.txt': 'one\n', 'caf\udce9.txt': 'x' });
await create('first');
workspace.write({ 'a.txt': 'two\n' });

await serveMcp({
  session,
  policy: (process.argv[2] ?? 'ask') as AgentPolicy,
  signal: new AbortController().signal,
  onError: (message) => process.stderr.write(`${message}\n`),
});
