import { type Change, countChanges } from '../../../core/change.ts';
import { isCheckpointError } from '../../../core/error.ts';
import type { Log } from '../../../platform/log.ts';
import { type JournalLine, LONGEST_LIST, packChanges } from '../checkpoints/journalLine.ts';
import { withSizes } from '../git/objectSizes.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { readState } from './stateTree.ts';
import { diffManyStates } from './treeDiff.ts';
import { countFiles } from '../git/treeListing.ts';

/** Adds the changes to each line. A damaged one stays without, and keeps no other from having them. */
export async function withChangeLists(
  repository: ShadowRepository,
  lines: readonly JournalLine[],
  log: Log,
): Promise<JournalLine[]> {
  const [first] = lines;
  const isAlone = lines.length === 1 && first?.base === '';
  const counted = isAlone ? await countedOnly(repository, first) : undefined;
  return counted === undefined ? compare(repository, lines, log) : [counted];
}

/** The first checkpoint of a large folder adds more than is ever listed, so that counting will do; else undefined. */
async function countedOnly(repository: ShadowRepository, line: JournalLine): Promise<JournalLine | undefined> {
  try {
    const { workspaceTree, extras } = await readState(repository.objects, line.root);
    const added = (await countFiles(repository, workspaceTree)) + extras.emptyFolders.size;
    return added > LONGEST_LIST ? { ...line, counts: { added, modified: 0, deleted: 0 } } : undefined;
  } catch {
    // What is damaged about it is found when it is compared.
    return undefined;
  }
}

async function compare(repository: ShadowRepository, lines: readonly JournalLine[], log: Log): Promise<JournalLine[]> {
  if (lines.length === 0) {
    return [];
  }
  try {
    const lists = await diffManyStates(
      repository,
      lines.map(({ base, root }) => ({ from: base, to: root })),
    );
    return await withLists(repository, lines, lists);
  } catch (error) {
    if (!isCheckpointError(error, 'corrupt')) {
      throw error;
    }
    if (lines.length === 1) {
      log.warn(`The changes of checkpoint ${lines[0]?.metadata.id} are unknown: ${String(error)}`);
      return [...lines];
    }
    const half = Math.ceil(lines.length / 2);
    return [
      ...(await compare(repository, lines.slice(0, half), log)),
      ...(await compare(repository, lines.slice(half), log)),
    ];
  }
}

async function withLists(
  repository: ShadowRepository,
  lines: readonly JournalLine[],
  lists: readonly (readonly Change[])[],
): Promise<JournalLine[]> {
  const listed = lists.map((list) => (list.length > LONGEST_LIST ? [] : list));
  const sized = await withSizes(repository, listed);
  return lines.map((line, index) => {
    const list = lists[index] ?? [];
    const counts = countChanges(list);
    return list.length > LONGEST_LIST
      ? { ...line, counts }
      : { ...line, counts, changes: packChanges(sized[index] ?? []) };
  });
}
