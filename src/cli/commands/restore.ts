import { z } from 'zod';
import type { FoundCheckpoint } from '../../app/findCheckpoint.ts';
import { restoreCheckpoint } from '../../app/restoreCheckpoint.ts';
import { previewRestore } from '../../app/restoreFiles.ts';
import { previewSandboxRestore, restoreSandbox, restoresSandbox } from '../../app/restoreSandbox.ts';
import { CheckpointError, isCheckpointError } from '../../core/error.ts';
import { type Answer, type Call, type Command, operand, optionsOf } from '../command.ts';
import { confirmationOf, outcomeAnswer, previewAnswer } from '../restoring.ts';
import { sandboxReportAnswer, sandboxPreviewAnswer, sandboxQuestions } from '../restoringSandbox.ts';

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
    if (restoresSandbox(target.store)) {
      return restoreContainer(call, target);
    }
    if (stop) {
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

async function restoreContainer(call: Call, target: FoundCheckpoint): Promise<Answer> {
  const { path: paths, dryRun, yes, stop } = optionsOf(call, options);
  if (paths.length > 0) {
    throw new CheckpointError('unsupported', 'A sandbox goes back as a whole.', { hint: 'Leave out --path.' });
  }
  if (dryRun) {
    return sandboxPreviewAnswer(call, await previewSandboxRestore(target, call.context));
  }
  const report = await restoreSandbox(target, sandboxQuestions(call, yes, stop), call.context).catch(withStopHint);
  if (report === undefined) {
    throw new CheckpointError('notConfirmed', 'Nothing was changed.');
  }
  return sandboxReportAnswer(call, target.store.info.label, report);
}

/** What the command line offers for a sandbox that is not stopped. */
function withStopHint(error: unknown): never {
  if (!isCheckpointError(error, 'sandboxRunning')) {
    throw error;
  }
  const { reason, message, details } = error;
  throw new CheckpointError(reason, message, { hint: STOP_HINT, details, cause: error });
}

const STOP_HINT = 'Add --stop to have it stopped for the restore and started again.';
