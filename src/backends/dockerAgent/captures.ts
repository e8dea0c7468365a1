import { type ChangeCounts, countChanges } from '../../core/change.ts';
import { isCheckpointError } from '../../core/error.ts';
import type { ForeignTree } from '../../core/foreignTrees.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { RawRow } from '../../platform/rawDiff.ts';
import { foldersAbove } from '../../platform/relativePath.ts';
import { type CaptureTime, captureTimes } from './captureTimes.ts';
import type { SnapshotReader, SnapshotRepository } from './snapshotRepository.ts';
import { EMPTY_TREE, TreeGraph } from './treeGraph.ts';

/** New files of more than 2 MiB are left out by docker-agent. */
const LARGEST_FILE = 2 * 1024 * 1024;

/** One state that docker-agent captured. */
export interface Capture {
  /** Id of the whole tree: what there is for an identity. */
  readonly id: string;
  /** The part of it that is the workspace folder's. */
  readonly tree: ForeignTree;
  /** RFC 3339 when this state was last captured, an estimate; undefined when nothing tells. */
  readonly seenAt: string | undefined;
}

/** A capture with its neighbour in time. */
export interface Step {
  readonly capture: Capture;
  /** Tree of the folder in the capture before it, the empty tree for the first. */
  readonly before: ForeignTree;
}

const NOTHING: ForeignTree = { id: EMPTY_TREE, skipped: [], largestFile: LARGEST_FILE };

/** The captures in one repository. */
export class Captures {
  readonly #repository: SnapshotRepository;
  readonly #reader: SnapshotReader;
  readonly #graph: TreeGraph;
  #isReachable = true;
  readonly #counts = new Map<string, ChangeCounts>();

  constructor(repository: SnapshotRepository, reader: SnapshotReader) {
    this.#repository = repository;
    this.#reader = reader;
    this.#graph = new TreeGraph(reader);
  }

  /** False when the last look at the repository failed. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  /** All that are there now, newest first as far as can be told. */
  async list(context?: OperationContext): Promise<readonly Step[]> {
    try {
      await this.#graph.update(context);
      this.#isReachable = true;
    } catch (error) {
      this.#isReachable = isCheckpointError(error, 'cancelled');
      throw error;
    }
    const roots = this.#graph.roots().filter((id) => id !== EMPTY_TREE);
    const times = await captureTimes(this.#repository, roots);
    const orderOf = (id: string): number => times.get(id)?.time ?? 0;
    const newestFirst = roots
      .toSorted((a, b) => orderOf(b) - orderOf(a) || (a < b ? -1 : 1))
      .flatMap((id) => this.#captureOf(id, times.get(id)) ?? []);
    return newestFirst.map((capture, index) => ({ capture, before: newestFirst[index + 1]?.tree ?? NOTHING }));
  }

  /** Undefined for a capture without the workspace folder. */
  #captureOf(id: string, time: CaptureTime | undefined): Capture | undefined {
    const tree = this.#graph.folder(id, this.#repository.prefix);
    if (tree === undefined) {
      return undefined;
    }
    const skipped = this.#graph.links(tree).map((path) => ({ path, reason: 'nestedRepository' as const }));
    const seenAt = time?.isEstimate ? new Date(time.time).toISOString() : undefined;
    return { id, tree: { id: tree, skipped, largestFile: LARGEST_FILE }, seenAt };
  }

  /** How much each step changed; undefined where git cannot read all of it any more. */
  async counts(steps: readonly Step[], context?: OperationContext): Promise<readonly (ChangeCounts | undefined)[]> {
    const unknown = steps.filter((step) => !this.#counts.has(keyOf(step)));
    const changes = await this.changes(unknown, context);
    unknown.forEach((step, index) => {
      const rows = changes[index];
      if (rows !== undefined) {
        this.#counts.set(keyOf(step), countChanges(rows.map(kindOf)));
      }
    });
    return steps.map((step) => this.#counts.get(keyOf(step)));
  }

  /** What each step changed; undefined where git cannot read all of it any more. */
  async changes(
    steps: readonly Step[],
    context?: OperationContext,
  ): Promise<readonly (readonly RawRow[] | undefined)[]> {
    try {
      const pairs = steps.map(({ capture, before }) => [before.id, capture.tree.id] as const);
      const diffs = await this.#reader.compare(pairs, 'everything', context);
      const rows = new Map(diffs.map((diff) => [`${diff.from} ${diff.to}`, diff.rows]));
      return steps.map((step) => rows.get(keyOf(step))?.filter((row) => isKnown(row, step)));
    } catch (error) {
      if (!isCheckpointError(error, 'commandFailed')) {
        throw error;
      }
      // Git gives up at the first tree that it lacks.
      if (steps.length < 2) {
        return steps.map(() => undefined);
      }
      const half = Math.ceil(steps.length / 2);
      return [
        ...(await this.changes(steps.slice(0, half), context)),
        ...(await this.changes(steps.slice(half), context)),
      ];
    }
  }
}

function keyOf({ capture, before }: Step): string {
  return `${before.id} ${capture.tree.id}`;
}

/** Of a repository inside of the folder only the link is there, on either side. */
function isKnown({ path }: RawRow, step: Step): boolean {
  const places = [path, ...foldersAbove(path)];
  const links = [...step.before.skipped, ...step.capture.tree.skipped];
  return !links.some((link) => places.includes(link.path));
}

function kindOf({ before, after }: RawRow) {
  if (before === undefined) {
    return { kind: 'added' as const };
  }
  return { kind: after === undefined ? ('deleted' as const) : ('modified' as const) };
}
