import type { DiskPart, DiskUse } from '../../../core/diskUse.ts';
import { CheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { walkFolder } from '../../../platform/dataFiles.ts';
import { EMPTY_TREE } from '../git/gitObjects.ts';
import type { JournalLine } from '../checkpoints/journalLine.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import type { StoreParts } from '../storeParts.ts';

/** What the store takes on the disk, and which checkpoints hold what of it. */
export async function measureDiskUse(
  { repository, catalog }: Pick<StoreParts, 'repository' | 'catalog'>,
  context?: OperationContext,
): Promise<DiskUse> {
  const { checkpoints } = await catalog.read();
  const spans = await objectSpans(repository, checkpoints, context);
  const sizes = await sizesOnDisk(repository, [...spans.keys()], context);
  const groups = new Map<string, number>();
  for (const [object, span] of spans) {
    if (span.length === 0) {
      continue;
    }
    const key = span.join(' ');
    groups.set(key, (groups.get(key) ?? 0) + (sizes.get(object) ?? 0));
  }
  const parts = [...groups].map(([key, bytes]): DiskPart => ({ bytes, holders: holdersOf(key, checkpoints) }));
  return { bytes: await folderBytes(repository.dataFolder), parts };
}

/** Bytes that a folder takes for itself alone. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { facts } of walkFolder(folder)) {
    // A pack that is linked to the user's repository takes no space of its own.
    bytes += facts.links > 1 && !facts.isFolder ? 0 : facts.allocated;
  }
  return bytes;
}

/** Of each object, the runs of neighbouring checkpoints that hold it: first, end, first, end, … as indexes. */
type Spans = Map<string, number[]>;

/**
 * Follows every object through the checkpoints by the differences of neighbours, so that what nothing changes is looked at
 * once.
 */
async function objectSpans(
  repository: ShadowRepository,
  checkpoints: readonly JournalLine[],
  context?: OperationContext,
): Promise<Spans> {
  const spans: Spans = new Map();
  const uses = new Map<string, number>();
  const count = (object: string, by: 1 | -1, at: number): void => {
    const before = uses.get(object) ?? 0;
    uses.set(object, before + by);
    if (before === 0 || before + by === 0) {
      append(spans, object, at);
    }
  };
  const blocks = await differences(repository, checkpoints, context);
  for (const [at, { commit, root }] of checkpoints.entries()) {
    spans.set(commit, [at, at + 1]);
    for (const [object, by] of [...(blocks[at] ?? []), [root, 1] as const].toSorted(([, a], [, b]) => b - a)) {
      count(object, by, at);
    }
    const previous = checkpoints[at - 1];
    if (previous !== undefined) {
      count(previous.root, -1, at);
    }
  }
  for (const [object, left] of uses) {
    if (left > 0) {
      append(spans, object, checkpoints.length);
    }
  }
  return spans;
}

function append(spans: Spans, object: string, at: number): void {
  const known = spans.get(object);
  if (known === undefined) {
    spans.set(object, [at]);
  } else if (known.at(-1) === at) {
    // It went and came at the same time.
    known.pop();
  } else {
    known.push(at);
  }
}

/** Per checkpoint the objects that came (1) and went (-1) against the one before, trees included. */
async function differences(
  repository: ShadowRepository,
  checkpoints: readonly JournalLine[],
  context?: OperationContext,
): Promise<(readonly [object: string, by: 1 | -1])[][]> {
  const pairs = checkpoints.map(({ root }, at) => `${checkpoints[at - 1]?.root ?? EMPTY_TREE} ${root}\n`);
  if (pairs.length === 0) {
    return [];
  }
  const { stdout } = await repository.git(
    ['diff-tree', '--stdin', '-r', '-t', '--raw', '--no-renames', '--no-abbrev', '--no-ext-diff'],
    { stdin: Buffer.from(pairs.join('')), lowPriority: true, ...signalOf(context) },
  );
  const blocks: (readonly [string, 1 | -1])[][] = [];
  for (const line of stdout.toString('latin1').split('\n')) {
    const row = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) /.exec(line);
    if (row === null) {
      if (line !== '') {
        blocks.push([]);
      }
      continue;
    }
    const [, before = '', after = ''] = row;
    blocks.at(-1)?.push(
      ...(
        [
          [before, -1],
          [after, 1],
        ] as const
      ).filter(([object]) => !NOTHING.test(object)),
    );
  }
  // git passes over a pair in silence when it cannot read one of the two.
  if (blocks.length !== pairs.length) {
    throw new CheckpointError('corrupt', 'The store lacks a tree that a checkpoint needs.');
  }
  return blocks;
}

/** The id where there is no object. */
const NOTHING = /^0+$/;

/** Id → bytes as they lie on the disk, compressed. Ids that the store lacks are left out. */
async function sizesOnDisk(
  repository: ShadowRepository,
  ids: readonly string[],
  context?: OperationContext,
): Promise<Map<string, number>> {
  const { stdout } = await repository.git(['cat-file', '--batch-check=%(objectname) %(objectsize:disk)', '--buffer'], {
    stdin: Buffer.from(ids.map((id) => `${id}\n`).join('')),
    lowPriority: true,
    ...signalOf(context),
  });
  const rows = stdout.toString('latin1').split('\n');
  return new Map(
    rows.flatMap((row) => {
      const [id = '', size = ''] = row.split(' ');
      return /^\d+$/.test(size) ? [[id, Number(size)] as const] : [];
    }),
  );
}

function holdersOf(key: string, checkpoints: readonly JournalLine[]): string[] {
  const ends = key.split(' ').map(Number);
  return ends.flatMap((first, at) =>
    at % 2 === 0 ? checkpoints.slice(first, ends[at + 1]).map(({ metadata }) => metadata.id) : [],
  );
}

function signalOf(context: OperationContext | undefined): { readonly signal?: AbortSignal } {
  return context?.signal === undefined ? {} : { signal: context.signal };
}
