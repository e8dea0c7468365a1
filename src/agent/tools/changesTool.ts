import * as z from 'zod';
import { NOW } from '../../core/restorePlan.ts';
import { defineTool } from '../agentTool.ts';
import { age, changeFacts, CHANGE_WORDS, changeLine, count } from '../describe.ts';
import { FORMAT, FROM, pageInputs, TO } from '../inputs.ts';
import { page } from '../page.ts';
import { findSpan } from '../span.ts';

const PAGE = 5000;
const NO_CHECKPOINTS = 'No checkpoints available yet.';

export const changesTool = defineTool({
  name: 'snapshots_changes',
  title: 'Show changed files',
  description:
    'Lists the files that were created, modified or deleted since the newest checkpoint, or between two states. Use it to ' +
    'review what you did, and before you revert or restore.',
  input: z.object({ format: FORMAT, ...pageInputs(PAGE), from: FROM, to: TO }),
  effect: 'reads',
  idempotent: true,
  run: async (context, input) => {
    const span = await findSpan(context, input.from, input.to);
    if (span === undefined) {
      return input.format === 'json'
        ? JSON.stringify(NO_CHECKPOINTS)
        : `${NO_CHECKPOINTS} Call snapshots_create to make the first one.`;
    }
    const changes = await span.files.changes(span.from, span.to, context.operation);
    if (input.format === 'json') {
      const { base } = span;
      return JSON.stringify(
        changes.map((change) => ({
          ...changeFacts(change, CHANGE_WORDS),
          checkpoint: base?.id ?? NOW,
          checkpoint_age: base === undefined ? null : age(base, context.now),
          checkpoint_origin: base?.origin ?? null,
          checkpoint_name: base?.label ?? null,
        })),
      );
    }
    const next =
      changes.length === 0
        ? 'Next: go on working.'
        : 'Next: snapshots_diff shows the lines, snapshots_revert puts one file back, snapshots_create keeps this state.';
    const head = `${count(changes.length, 'change')} ${span.text}.`;
    return page([head, next, ...changes.map(changeLine)].join('\n'), input);
  },
});
