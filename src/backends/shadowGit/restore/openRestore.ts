import { join } from 'node:path';
import { CheckpointError } from '../../../core/error.ts';
import { RestoreJournal } from '../../../platform/restoreJournal.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

/** Where a restore that is under way writes what it sets out to do. */
export function restoreJournalFile({ dataFolder }: Pick<ShadowRepository, 'dataFolder'>): string {
  return join(dataFolder, 'restore-journal.jsonl');
}

/** Throws `conflict` when a restore that was interrupted needs one of these checkpoints to be ended. The caller holds the lock. */
export async function refuseNeededByRestore(
  repository: Pick<ShadowRepository, 'dataFolder'>,
  ids: readonly string[],
): Promise<void> {
  const journal = await RestoreJournal.find(restoreJournalFile(repository));
  if (journal === undefined) {
    return;
  }
  const { target, now, startedAt } = journal.header;
  const needed = ids.filter((id) => id === target || id === now);
  if (needed.length > 0) {
    throw new CheckpointError('conflict', 'A restore that was interrupted cannot be ended without this checkpoint.', {
      hint: 'Finish the restore or roll it back first.',
      details: { ids: needed, deleted: [], target, startedAt },
    });
  }
}
