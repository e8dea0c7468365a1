import type { Checkpoint } from '../../../core/checkpoint.ts';
import type { JournalLine } from './journalLine.ts';

export const STORE_ID = 'workspace';

/** What the rest of the product sees of a checkpoint of ours. */
export function toCheckpoint({ metadata, counts, skipped }: JournalLine): Checkpoint {
  const { format: _format, seq: _seq, pairId, exactTime = true, ...said } = metadata;
  return {
    ...said,
    store: STORE_ID,
    backend: 'shadowGit',
    exactTime,
    coverage: { skipped },
    ...(pairId === undefined ? {} : { pairId }),
    ...(counts === undefined ? {} : { changes: counts }),
  };
}
