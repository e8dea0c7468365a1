import * as z from 'zod';
import { requireCapability } from '../../core/capabilities.ts';
import { NOW } from '../../core/restorePlan.ts';
import { agentPath } from '../agentPath.ts';
import { defineTool } from '../agentTool.ts';
import { age, sizeOf, VERSION_WORDS } from '../describe.ts';
import { PATH } from '../inputs.ts';

export const historyTool = defineTool({
  name: 'snapshots_history',
  title: 'Show the history of a file',
  description:
    'Lists what one file was at each checkpoint, newest first, as JSON: new, modified, unchanged or deleted. Use it to find ' +
    'the checkpoint to revert a file to.',
  input: z.object({ path: PATH }),
  effect: 'reads',
  idempotent: true,
  run: async ({ session, now, operation }, input) => {
    const path = agentPath(input.path, session.folder);
    const files = requireCapability(session.files.capabilities.files);
    const [history, current, checkpoints] = await Promise.all([
      files.history(path, operation),
      files.entry(NOW, path),
      session.files.list(operation),
    ]);
    const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
    return JSON.stringify({
      path,
      current_size: sizeOf(current),
      exists: current !== undefined,
      versions: history.map((version) => {
        const checkpoint = byId.get(version.checkpoint);
        return {
          checkpoint: version.checkpoint,
          name: checkpoint?.label ?? null,
          origin: checkpoint?.origin ?? null,
          age: checkpoint === undefined ? 'unknown' : age(checkpoint, now),
          status: VERSION_WORDS[version.kind],
          size: sizeOf(version.entry),
        };
      }),
      next:
        history.length === 0
          ? 'No checkpoint ever held this file.'
          : 'snapshots_revert with this path and a checkpoint puts that version back.',
    });
  },
});
