import * as z from 'zod';

/** Arguments that several tools share. */
export const CHECKPOINT = z
  .string()
  .describe('Id of a checkpoint, the beginning of one, its name, or "@latest". snapshots_list shows them.');

export const PATH = z.string().describe('Path of a file, relative to the workspace folder.');

export const FORMAT = z
  .enum(['text', 'json'])
  .default('text')
  .describe('"text" (the default) comes in pages, "json" whole.');

export const FROM = CHECKPOINT.optional().describe('Checkpoint to start from. Default: the newest one.');

export const TO = CHECKPOINT.optional().describe('Checkpoint to compare with, or "now". Default: now.');

/** Which part of a long text to answer with. */
export function pageInputs(length: number) {
  return {
    start_index: z.int().min(0).default(0).describe('Where the page begins, as the page before it said.'),
    max_length: z.int().min(1).default(length).describe('Length of the page in characters.'),
  };
}
