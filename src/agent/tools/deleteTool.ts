import * as z from 'zod';
import { deleteCheckpoints } from '../../app/deleteCheckpoints.ts';
import { findCheckpoint } from '../../app/findCheckpoint.ts';
import { CheckpointError } from '../../core/error.ts';
import { defineTool } from '../agentTool.ts';
import { requireApproval } from '../approval.ts';
import { named } from '../describe.ts';
import { CHECKPOINT } from '../inputs.ts';

export const deleteTool = defineTool({
  name: 'snapshots_delete',
  title: 'Delete a checkpoint',
  description:
    'Deletes one checkpoint for good; files of the workspace stay as they are. The user may have to agree. A pinned one is ' +
    'never deleted by an agent.',
  input: z.object({ checkpoint: CHECKPOINT }),
  effect: 'replaces',
  idempotent: true,
  asksFirst: true,
  run: async ({ session, approve, now, operation }, input) => {
    const { checkpoint } = await findCheckpoint(session.stores, input.checkpoint);
    if (checkpoint.pinned) {
      throw new CheckpointError('conflict', `The user pinned ${named(checkpoint, now)} to keep it.`, {
        hint: 'Leave it, or ask the user to unpin it.',
      });
    }
    await requireApproval(approve, {
      tool: deleteTool.name,
      question: `An agent wants to delete the checkpoint ${named(checkpoint, now)}.`,
      verb: 'Delete',
      paths: [],
    });
    await deleteCheckpoints(session.stores, [checkpoint], operation);
    return JSON.stringify({ checkpoint: checkpoint.id, deleted: true, next: 'It is gone; the files are unchanged.' });
  },
});
