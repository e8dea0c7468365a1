import { z } from 'zod';
import { CheckpointError } from '../../../core/error.ts';

const metadataSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  seq: z.number(),
  name: z.string(),
  label: z.string(),
  note: z.string(),
  createdAt: z.string(),
  /** `false` where `createdAt` is an estimate. */
  exactTime: z.boolean().optional(),
  origin: z.enum(['manual', 'auto', 'agent', 'safety', 'foreign']),
  pinned: z.boolean(),
  pairId: z.string().optional(),
  stateful: z.boolean(),
  scope: z.array(z.enum(['workspace', 'sandbox'])),
});

/** What a checkpoint's commit says about it. `seq` grows by one per checkpoint: the order, whatever the clock does. */
export type CheckpointMetadata = Readonly<z.infer<typeof metadataSchema>>;

export { metadataSchema };

const WHO = 'Snapshot Timeline <checkpoints@localhost>';
const ROOT = /^tree ([0-9a-f]{40,64})\n/;

/** The body of the parentless commit that is a checkpoint: its label as subject, its metadata as one line of JSON. */
export function encodeCommit(root: string, metadata: CheckpointMetadata): Buffer {
  const seconds = Math.max(0, Math.floor(Date.parse(metadata.createdAt) / 1000));
  const when = `${WHO} ${seconds} +0000`;
  return Buffer.from(
    `tree ${root}\nauthor ${when}\ncommitter ${when}\n\n${metadata.label}\n\n${JSON.stringify(metadata)}\n`,
  );
}

/** @throws CheckpointError `corrupt` when the commit is not one of ours. */
export function decodeCommit(body: Uint8Array): { root: string; metadata: CheckpointMetadata } {
  const text = Buffer.from(body).toString('utf8');
  const root = ROOT.exec(text)?.[1];
  const json = text.trimEnd().split('\n').at(-1) ?? '';
  if (root === undefined) {
    throw new CheckpointError('corrupt', 'A checkpoint has no tree.');
  }
  try {
    return { root, metadata: metadataSchema.parse(JSON.parse(json)) };
  } catch (cause) {
    throw new CheckpointError('corrupt', 'The description of a checkpoint cannot be read.', { cause });
  }
}
