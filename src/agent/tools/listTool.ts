import * as z from 'zod';
import { storeOf } from '../../app/findCheckpoint.ts';
import { listTimeline } from '../../app/timeline.ts';
import type { Change } from '../../core/change.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { defineTool, type ToolContext } from '../agentTool.ts';
import { age, changeFacts, checkpointFacts, count, VERSION_WORDS } from '../describe.ts';
import { printable } from '../printable.ts';
import { FORMAT, pageInputs } from '../inputs.ts';
import { page } from '../page.ts';

const PAGE = 5000;

export const listTool = defineTool({
  name: 'snapshots_list',
  title: 'List checkpoints',
  description:
    'Lists the checkpoints of the workspace, newest first: id, age, who made it, how many files changed against the one ' +
    'before, and its name. Use it before you name a checkpoint to another tool.',
  input: z.object({
    format: FORMAT,
    ...pageInputs(PAGE),
    include_changes: z.boolean().default(false).describe('Also list the paths that changed in each checkpoint.'),
  }),
  effect: 'reads',
  idempotent: true,
  run: async (context, input) => {
    const checkpoints = await listTimeline(context.session.stores, context.operation);
    const listed: Listed[] = [];
    for (const checkpoint of checkpoints) {
      const changes = input.include_changes ? await changesIn(context, checkpoint) : undefined;
      listed.push({ checkpoint, changes });
    }
    return input.format === 'json' ? asJson(listed, context.now) : page(asText(listed, context.now), input);
  },
});

interface Listed {
  readonly checkpoint: Checkpoint;
  /** Undefined where they were not asked for, or the store cannot tell. */
  readonly changes: readonly Change[] | undefined;
}

async function changesIn(
  { session, operation }: ToolContext,
  checkpoint: Checkpoint,
): Promise<readonly Change[] | undefined> {
  const { files } = storeOf(session.stores, checkpoint).capabilities;
  return files.available ? files.use.changesIn(checkpoint.id, operation) : undefined;
}

function asJson(listed: readonly Listed[], now: Date): string {
  return JSON.stringify({
    snapshots: listed.map(({ checkpoint, changes }) => ({
      ...checkpointFacts(checkpoint, now),
      ...(changes === undefined ? {} : { changes: changes.map((change) => changeFacts(change, VERSION_WORDS)) }),
    })),
  });
}

function asText(listed: readonly Listed[], now: Date): string {
  if (listed.length === 0) {
    return 'No checkpoints available yet. Call snapshots_create before you change files.';
  }
  const lines = listed.flatMap(({ checkpoint, changes = [] }) => [
    line(checkpoint, now),
    ...changes.map(({ path, kind }) => `    ${VERSION_WORDS[kind].padEnd(8)}  ${printable(path)}`),
  ]);
  return [
    `${count(listed.length, 'checkpoint')}, newest first: id, age, origin, changed files, name.`,
    'Next: snapshots_changes shows what changed since, snapshots_restore goes back to one.',
    ...lines,
  ].join('\n');
}

function line(checkpoint: Checkpoint, now: Date): string {
  const { id, origin, changes, pinned, label, coverage } = checkpoint;
  const counts = changes === undefined ? '?' : `+${changes.added} ~${changes.modified} -${changes.deleted}`;
  const marks = [
    pinned ? ' [pinned]' : '',
    coverage.skipped.length > 0 ? ` [${count(coverage.skipped.length, 'path')} skipped]` : '',
  ];
  return `${id}  ${age(checkpoint, now)}  ${origin}  ${counts}  ${printable(label)}${marks.join('')}`;
}
