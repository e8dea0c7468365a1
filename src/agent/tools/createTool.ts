import * as z from 'zod';
import { requireCapability } from '../../core/capabilities.ts';
import { CheckpointError } from '../../core/error.ts';
import { defineTool } from '../agentTool.ts';
import { checkpointFacts, count } from '../describe.ts';

export const createTool = defineTool({
  name: 'snapshots_create',
  title: 'Create a checkpoint',
  description:
    'Saves the present state of all files of the workspace as a checkpoint. Use it before a risky step, and when something ' +
    'works. It changes no file.',
  input: z.object({
    name: z.string().max(200).optional().describe('What the state is, in a few words: "before the refactoring".'),
    note: z.string().max(10_000).optional().describe('More about it, for the user.'),
  }),
  effect: 'adds',
  idempotent: false,
  run: async ({ session, now, operation }, { name, note }) => {
    const create = requireCapability(session.files.capabilities.create);
    const checkpoint = await create(
      { origin: 'agent', ...(name === undefined ? {} : { label: name }), ...(note === undefined ? {} : { note }) },
      operation,
    );
    if (checkpoint === undefined) {
      throw new CheckpointError('commandFailed', 'The checkpoint could not be made.');
    }
    const { skipped } = checkpoint.coverage;
    return JSON.stringify({
      ...checkpointFacts(checkpoint, now),
      ...(skipped.length === 0 ? {} : { skipped, warning: `${count(skipped.length, 'path')} could not be captured.` }),
      next: `Go on working. snapshots_changes shows what changed since; snapshots_restore with "${checkpoint.id}" comes back here.`,
    });
  },
});
