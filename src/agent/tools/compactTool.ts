import * as z from 'zod';
import { compactCheckpoints } from '../../app/compactCheckpoints.ts';
import { findCheckpoint } from '../../app/findCheckpoint.ts';
import { defineTool } from '../agentTool.ts';
import { requireApproval } from '../approval.ts';
import { checkpointFacts, count } from '../describe.ts';
import { CHECKPOINT } from '../inputs.ts';

export const compactTool = defineTool({
  name: 'snapshots_compact',
  title: 'Compact checkpoints',
  description:
    'Makes one checkpoint of several: it has the state of the newest, and the others are deleted. The user may have to agree.',
  input: z.object({
    checkpoints: z.array(CHECKPOINT).min(1).describe('At least two checkpoints.'),
    name: z.string().max(200).optional().describe('Name of the result. Default: that of the newest.'),
  }),
  effect: 'replaces',
  idempotent: false,
  asksFirst: true,
  run: async ({ session, approve, now, operation }, { checkpoints, name }) => {
    const found = await Promise.all(checkpoints.map((text) => findCheckpoint(session.stores, text, 'compact')));
    const sources = [...new Map(found.map(({ checkpoint }) => [checkpoint.id, checkpoint])).values()];
    if (sources.length > 1) {
      await requireApproval(approve, {
        tool: compactTool.name,
        question: `An agent wants to make one checkpoint of ${count(sources.length, 'checkpoint')} and delete those.`,
        verb: 'Compact',
        paths: [],
      });
    }
    const result = await compactCheckpoints(session.stores, sources, name, operation);
    return JSON.stringify({
      compacted: true,
      ...checkpointFacts(result, now),
      deleted_checkpoints: sources.map(({ id }) => id),
      merged_count: sources.length,
      next: 'Use the new id from now on; the old ones are gone.',
    });
  },
});
