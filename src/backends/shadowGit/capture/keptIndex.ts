import { writeFileAtomic } from '../../../platform/atomicFile.ts';
import { readBytes } from '../../../platform/repositoryFolder.ts';
import type { PathStat } from '../../../platform/workspaceReader.ts';
import type { CaptureFindings, CaptureInput } from './captureRun.ts';
import { pathToBytes } from '../../../platform/pathBytes.ts';
import { NO_STAT, indexEntry, indexStat, indexedSize, parseIndex, serializeIndex } from '../git/indexFile.ts';
import type { IndexEntry, RawIndexEntry } from '../git/indexFile.ts';
import type { WorkTree } from './workTree.ts';

/** How many paths may be looked at again at each capture before the index is written again. */
const MOST_STALE_PATHS = 200;
/** How many bytes may be read again in vain. */
const MOST_WASTED_BYTES = 4 << 20;
/** File systems cut times to as much as two seconds, and git's index compares whole seconds on many systems. */
const TIME_RESOLUTION_SECONDS = 2;
const NANOSECONDS = 1_000_000_000n;

const INDEX_MODES = { '100644': 0o100644, '100755': 0o100755, '120000': 0o120000 } as const;

/** Whether looking at the same paths again and again has become dearer than writing the index. */
export function needsRewrite(input: CaptureInput, findings: CaptureFindings): boolean {
  const { candidates, search, settings } = input;
  const stale = new Set([...findings.fresh.keys(), ...search.baseline.indexed, ...search.baseline.unindexed]);
  const hasLowerLimit = settings.maxUntrackedFileSize < search.baseline.maxUntrackedFileSize;
  if (candidates.rulesChanged || hasLowerLimit || stale.size > MOST_STALE_PATHS) {
    return true;
  }
  let wasted = 0;
  for (const [path, found] of findings.fresh) {
    if (
      found.kind === 'content' &&
      findings.before.get(path)?.id === found.id &&
      !isRacy(found.stat, input.startedAt)
    ) {
      wasted += Number(found.stat.numbers.size);
    }
  }
  return wasted > MOST_WASTED_BYTES;
}

/** Writes the index so that it vouches for all that was captured, but for what was captured only to be covered. */
export async function rewriteIndex(input: CaptureInput, findings: CaptureFindings): Promise<void> {
  const { prefix, indexFile } = input.search.surroundings.workTree;
  const outdated = [...input.candidates.dropped, ...findings.fresh.keys()];
  const names = new Set(outdated.map((path) => pathToBytes(prefix + path).toString('latin1')));
  const fresh: RawIndexEntry[] = [];
  for (const [path, found] of findings.fresh) {
    if (found.kind === 'content' && !findings.covered.has(path)) {
      const stat = isRacy(found.stat, input.startedAt) ? NO_STAT : indexStat(found.stat.numbers);
      fresh.push(indexEntry(prefix + path, INDEX_MODES[found.mode], found.id, stat));
    }
  }
  const kept = (await readEntries(indexFile)).filter(({ name }) => !names.has(name.toString('latin1')));
  await writeFileAtomic(indexFile, serializeIndex([...kept, ...fresh]));
}

/** Paths of the index, relative to the workspace folder, whose file was larger than this. */
export async function oversizedInIndex({ prefix, indexFile }: WorkTree, size: number): Promise<string[]> {
  const entries = await readEntries(indexFile);
  return entries.filter(({ stat }) => indexedSize(stat) > size).map(({ path }) => path.slice(prefix.length));
}

async function readEntries(indexFile: string): Promise<readonly IndexEntry[]> {
  const data = await readBytes(indexFile);
  return data === undefined ? [] : parseIndex(data).entries;
}

/** Whether the file may change again without its times telling. */
function isRacy({ numbers }: PathStat, startedAt: Date): boolean {
  const limit = BigInt(Math.floor(startedAt.getTime() / 1000) - TIME_RESOLUTION_SECONDS);
  return numbers.mtimeNs / NANOSECONDS >= limit || numbers.ctimeNs / NANOSECONDS >= limit;
}
