import * as z from 'zod';
import { revertChoices } from '../../app/fileVersions.ts';
import { findCheckpoint, type FoundCheckpoint } from '../../app/findCheckpoint.ts';
import { revertFiles } from '../../app/restoreCheckpoint.ts';
import { requireCapability } from '../../core/capabilities.ts';
import { CheckpointError } from '../../core/error.ts';
import { NOW } from '../../core/restorePlan.ts';
import { agentPath } from '../agentPath.ts';
import { printable } from '../printable.ts';
import { defineTool, type ToolContext } from '../agentTool.ts';
import { named } from '../describe.ts';
import { CHECKPOINT, PATH } from '../inputs.ts';
import { refusalText } from '../refusal.ts';

export const revertTool = defineTool({
  name: 'snapshots_revert',
  title: 'Revert one file',
  description:
    'Puts one file back to what it was at a checkpoint; without a checkpoint, to the newest version that differs from now. A ' +
    'file that did not exist at that checkpoint is deleted. The state before is kept as a safety checkpoint.',
  input: z.object({ path: PATH, checkpoint: CHECKPOINT.optional() }),
  effect: 'replaces',
  idempotent: true,
  run: async (context, input) => {
    const { session, saveEditors, now, operation } = context;
    const path = agentPath(input.path, session.folder);
    const target =
      input.checkpoint === undefined
        ? await newestOtherVersion(context, path)
        : await findCheckpoint(session.stores, input.checkpoint, 'restoreFiles');
    await refuseFolder(target, path);
    const questions = { saveEditors, confirm: async () => true };
    const outcome = await revertFiles(session, target, [path], questions, operation);
    if (!outcome.done) {
      const refused = outcome.why === 'nothingToDo' ? outcome.plan.refused : [];
      throw notReverted(context, path, target, outcome.why, refused.map(refusalText));
    }
    const { report, safety } = outcome;
    const [failed] = report.failed;
    if (failed !== undefined) {
      throw new CheckpointError('commandFailed', `${printable(failed.path)} could not be reverted: ${failed.reason}`);
    }
    return JSON.stringify({
      reverted: true,
      action: report.deleted.includes(path) ? 'deleted' : 'restored',
      path,
      checkpoint: target.checkpoint.id,
      safety_checkpoint: safety.id,
      next: `The file is as it was at ${named(target.checkpoint, now)}. snapshots_undo takes this back.`,
    });
  },
});

async function newestOtherVersion({ session, operation }: ToolContext, path: string): Promise<FoundCheckpoint> {
  const store = session.files;
  const choices = await revertChoices(store, path, operation);
  const choice = choices.find(({ version }) => version.entry !== undefined);
  if (choice !== undefined) {
    return { checkpoint: choice.checkpoint, store };
  }
  if (choices.length > 0) {
    throw new CheckpointError('notFound', `Every checkpoint that knows ${printable(path)} is from before it existed.`, {
      hint: 'Name the checkpoint to delete the file by reverting it.',
    });
  }
  const history = await requireCapability(store.capabilities.files).history(path, operation);
  throw history.length === 0
    ? new CheckpointError('notFound', `No checkpoint contains ${printable(path)}.`)
    : new CheckpointError('conflict', `${printable(path)} is the same in all checkpoints and now: nothing to revert.`);
}

async function refuseFolder({ checkpoint, store }: FoundCheckpoint, path: string): Promise<void> {
  const files = requireCapability(store.capabilities.files);
  const entries = [await files.entry(checkpoint.id, path), await files.entry(NOW, path)];
  if (entries.every((entry) => entry === undefined)) {
    throw new CheckpointError('notFound', `${printable(path)} exists neither at the checkpoint nor now.`, {
      hint: 'snapshots_history shows which checkpoints have it.',
    });
  }
  if (entries.some((entry) => entry?.type === 'folder')) {
    throw new CheckpointError('usage', `${printable(path)} is a folder.`, {
      hint: 'Use snapshots_restore with "paths" for folders.',
    });
  }
}

function notReverted(
  { now }: ToolContext,
  path: string,
  target: FoundCheckpoint,
  why: 'declined' | 'nothingToDo',
  refusals: readonly string[],
): CheckpointError {
  if (why === 'declined') {
    return new CheckpointError('notConfirmed', 'The user has unsaved changes in this file and kept them.');
  }
  return refusals.length > 0
    ? new CheckpointError('conflict', `Nothing was reverted: ${refusals.join(' ')}`)
    : new CheckpointError('conflict', `${printable(path)} is already what it was at ${named(target.checkpoint, now)}.`);
}
