import { z } from 'zod';
import { revertChoices } from '../../app/fileVersions.ts';
import type { FoundCheckpoint } from '../../app/findCheckpoint.ts';
import { revertFiles } from '../../app/restoreCheckpoint.ts';
import { previewRestore, type RestoreOutcome, type RestoreQuestions } from '../../app/restoreFiles.ts';
import { CheckpointError } from '../../core/error.ts';
import type { FailedPath } from '../../core/restorePlan.ts';
import { type Answer, type Call, type Command, optionsOf } from '../command.ts';
import { asCheckpointError } from '../messages.ts';
import { confirmationOf, confirmPreviews, outcomeAnswer, type Preview, previewAnswer } from '../restoring.ts';

const options = z.object({
  to: z.string().optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
});

export const revert: Command = {
  name: 'revert',
  operands: 'PATH…',
  summary: 'Put files back to a checkpoint (default: the newest that holds another version of the file)',
  options: [
    { flags: '--to CP', text: 'the checkpoint' },
    { flags: '--dry-run', text: 'only list what would be done' },
    { flags: '--yes', text: 'do not ask' },
  ],
  example: 'revert src/main.ts --to before-refactoring',
  async run(call) {
    const { to, dryRun, yes } = optionsOf(call, options);
    const steps =
      to === undefined
        ? await newestOtherVersions(call)
        : [{ target: await call.find(to, 'restoreFiles'), paths: call.operands }];
    if (dryRun) {
      return previewAnswer(call, await previewsOf(call, steps));
    }
    const isOne = steps.length === 1;
    if (!isOne) {
      await confirmPreviews(call, yes, await previewsOf(call, steps));
    }
    return revertAll(call, steps, confirmationOf(call, yes || !isOne));
  },
};

/** Files that go back to different checkpoints are one step each. One that fails does not hide what the others did. */
async function revertAll(call: Call, steps: readonly Step[], questions: RestoreQuestions): Promise<Answer> {
  const outcomes: RestoreOutcome[] = [];
  const failed: FailedPath[] = [];
  for (const { target, paths } of steps) {
    try {
      outcomes.push(await revertFiles(call.session, target, paths, questions, call.context));
    } catch (error) {
      if (outcomes.length === 0) {
        throw error;
      }
      const { message } = asCheckpointError(error);
      failed.push(...paths.map((path) => ({ path, reason: message })));
    }
  }
  return outcomeAnswer(call, outcomes, failed);
}

function previewsOf(call: Call, steps: readonly Step[]): Promise<readonly Preview[]> {
  return Promise.all(
    steps.map(async ({ target, paths }) => ({ target, plan: await previewRestore(target, paths, call.context) })),
  );
}

interface Step {
  readonly target: FoundCheckpoint;
  readonly paths: readonly string[];
}

/** For each path the newest checkpoint that holds another version of it; paths of one checkpoint go together. */
async function newestOtherVersions(call: Call): Promise<readonly Step[]> {
  const { files: store } = call.session;
  const located = await Promise.all(
    call.operands.map(async (path) => {
      const choices = await revertChoices(store, path, call.context);
      const choice = choices.find(({ version }) => version.entry !== undefined);
      if (choice === undefined) {
        throw new CheckpointError('notFound', `No checkpoint holds another version of the file "${path}".`);
      }
      return { checkpoint: choice.checkpoint, path };
    }),
  );
  const steps = Map.groupBy(located, ({ checkpoint }) => checkpoint.id);
  return [...steps.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined
      ? []
      : [{ target: { checkpoint: first.checkpoint, store }, paths: members.map(({ path }) => path) }];
  });
}
