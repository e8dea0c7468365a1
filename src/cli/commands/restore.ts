import { z } from 'zod';
import { restoreCheckpoint } from '../../app/restoreCheckpoint.ts';
import { previewRestore } from '../../app/restoreFiles.ts';
import { CheckpointError } from '../../core/error.ts';
import { type Command, operand, optionsOf } from '../command.ts';
import { confirmationOf, outcomeAnswer, previewAnswer } from '../restoring.ts';

const options = z.object({
  path: z.array(z.string()).default([]),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  stop: z.boolean().default(false),
});

export const restore: Command = {
  name: 'restore',
  operands: 'CP',
  summary: 'Put the folder, or some paths of it, back to a checkpoint; "undo" takes that back',
  options: [
    { flags: '--path PATH…', text: 'only these files and folders' },
    { flags: '--dry-run', text: 'only list what would be done' },
    { flags: '--yes', text: 'do not ask' },
    { flags: '--stop', text: 'stop the sandbox for the restore, and start it again' },
  ],
  example: 'restore before-refactoring --path src docs',
  async run(call) {
    const { path: paths, dryRun, yes, stop } = optionsOf(call, options);
    const target = await call.find(operand(call, 0));
    if (stop && !target.checkpoint.scope.includes('sandbox')) {
      throw new CheckpointError('unsupported', 'This checkpoint holds no sandbox, so there is none to stop.', {
        hint: 'Leave out --stop.',
      });
    }
    if (dryRun) {
      return previewAnswer(call, [{ target, plan: await previewRestore(target, paths, call.context) }]);
    }
    const outcome = await restoreCheckpoint(call.session, target, paths, confirmationOf(call, yes), call.context);
    return outcomeAnswer(call, [outcome]);
  },
};
