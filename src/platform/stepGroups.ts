import { folderOf } from './relativePath.ts';
import type { NumberedStep } from './stepKinds.ts';

/** What is written beside its place before any of it is synced and put there. */
const MOST_PREPARED_FILES = 256;
const MOST_PREPARED_BYTES = 32 << 20;
/** Steps of one folder that are done one after the other. */
const BATCH = 16;

/** So few that what is not in its place yet takes little of the disk. */
export function inPortions(steps: readonly NumberedStep[]): NumberedStep[][] {
  const portions: NumberedStep[][] = [];
  let bytes = 0;
  for (const step of steps) {
    const last = portions.at(-1);
    bytes += step.change.after?.size ?? 0;
    if (last === undefined || last.length === MOST_PREPARED_FILES || bytes > MOST_PREPARED_BYTES) {
      portions.push([step]);
      bytes = step.change.after?.size ?? 0;
    } else {
      last.push(step);
    }
  }
  return portions;
}

/** Steps of one folder stay together, so that few folders are worked in at a time. */
export function inBatches(steps: readonly NumberedStep[]): NumberedStep[][] {
  const batches: NumberedStep[][] = [];
  let folder: string | undefined;
  for (const step of steps) {
    const last = batches.at(-1);
    if (last === undefined || folderOf(step.change.path) !== folder || last.length === BATCH) {
      batches.push([step]);
      folder = folderOf(step.change.path);
    } else {
      last.push(step);
    }
  }
  return batches;
}
