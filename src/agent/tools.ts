import type { AgentTool } from './agentTool.ts';
import { changesTool } from './tools/changesTool.ts';
import { compactTool } from './tools/compactTool.ts';
import { createTool } from './tools/createTool.ts';
import { deleteTool } from './tools/deleteTool.ts';
import { diffTool } from './tools/diffTool.ts';
import { historyTool } from './tools/historyTool.ts';
import { listTool } from './tools/listTool.ts';
import { restoreTool } from './tools/restoreTool.ts';
import { revertTool } from './tools/revertTool.ts';
import { undoTool } from './tools/undoTool.ts';

/** Everything that agents can do, for every way of offering it. */
export const AGENT_TOOLS: readonly AgentTool[] = [
  listTool,
  createTool,
  changesTool,
  diffTool,
  historyTool,
  revertTool,
  restoreTool,
  undoTool,
  compactTool,
  deleteTool,
];
