import * as z from 'zod';
import { findCheckpoint } from '../../app/findCheckpoint.ts';
import { restoreCheckpoint } from '../../app/restoreCheckpoint.ts';
import { previewRestore } from '../../app/restoreFiles.ts';
import type { RestorePlan } from '../../core/restorePlan.ts';
import { agentPath } from '../agentPath.ts';
import { defineTool } from '../agentTool.ts';
import { changeLine, count, named } from '../describe.ts';
import { CHECKPOINT, PATH } from '../inputs.ts';
import { refusalText } from '../refusal.ts';
import { restoreAnswer, restoreQuestions } from '../restoring.ts';

export const restoreTool = defineTool({
  name: 'snapshots_restore',
  title: 'Restore a checkpoint',
  description:
    'Puts all files of the workspace, or the given files and folders, back to a checkpoint. Files made since are deleted. The ' +
    'state before is kept as a safety checkpoint. The user may have to agree. Use dry_run first to see what would happen; for ' +
    'one file use snapshots_revert.',
  input: z.object({
    checkpoint: CHECKPOINT,
    paths: z.array(PATH).default([]).describe('Only these files and folders. Default: everything.'),
    dry_run: z.boolean().default(false).describe('Only tell what would change.'),
  }),
  effect: 'replaces',
  idempotent: true,
  asksFirst: true,
  run: async (context, { checkpoint, paths, dry_run }) => {
    const { session, operation } = context;
    const inside = paths.map((path) => agentPath(path, session.folder));
    const target = await findCheckpoint(session.stores, checkpoint, 'restoreFiles');
    if (dry_run) {
      return describePlan(await previewRestore(target, inside, operation), named(target.checkpoint, context.now));
    }
    const questions = restoreQuestions(context, restoreTool.name);
    const outcome = await restoreCheckpoint(session, target, inside, questions, operation);
    return restoreAnswer(context, outcome, 'snapshots_undo');
  },
});

function describePlan(plan: RestorePlan, target: string): string {
  return [
    `Restoring ${target} would change ${count(plan.steps.length, 'path')}:`,
    ...plan.steps.map(changeLine),
    ...plan.refused.map(refusalText),
    'Next: call again without dry_run to do it.',
  ].join('\n');
}
