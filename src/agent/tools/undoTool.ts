import * as z from 'zod';
import { undoLastRestore } from '../../app/undo.ts';
import { defineTool } from '../agentTool.ts';
import { restoreAnswer, restoreQuestions } from '../restoring.ts';

export const undoTool = defineTool({
  name: 'snapshots_undo',
  title: 'Undo the last restore',
  description:
    'Takes back the last restore or revert: the files that it touched become what they were before; nothing else changes. ' +
    'The user may have to agree.',
  input: z.object({}),
  effect: 'replaces',
  idempotent: false,
  asksFirst: true,
  run: async (context) => {
    const questions = restoreQuestions(context, undoTool.name);
    const outcome = await undoLastRestore(context.session, questions, context.operation);
    return restoreAnswer(context, outcome, 'snapshots_restore');
  },
});
