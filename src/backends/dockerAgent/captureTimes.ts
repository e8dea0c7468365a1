import { join } from 'node:path';
import { factsOf, namesIn } from '../../platform/dataFiles.ts';
import { readBytes } from '../../platform/repositoryFolder.ts';
import type { SnapshotRepository } from './snapshotRepository.ts';

/** When a state was last captured, in milliseconds since 1970. */
export interface CaptureTime {
  readonly time: number;
  /** False where it is good for nothing but the order of the captures. */
  readonly isEstimate: boolean;
}

/**
 * The times of trees; those of which nothing tells are missing. Nothing records them. The estimate is the time of the loose
 * object, which a capture of the same state moves forward; the cleaning that docker-agent has git do keeps it, or writes it
 * beside a cruft pack. A pack of other objects tells only of the cleaning after the capture.
 */
export async function captureTimes(
  repository: SnapshotRepository,
  trees: readonly string[],
): Promise<ReadonlyMap<string, CaptureTime>> {
  const loose = trees.map(async (id) => {
    const facts = await factsOf(join(repository.objectFolder, id.slice(0, 2), id.slice(2)));
    return facts === undefined ? [] : [[id, facts.modifiedMs] as const];
  });
  const [packed, held, found] = await Promise.all([
    packedTimes(join(repository.objectFolder, 'pack')),
    lastCapture(repository.indexFile),
    Promise.all(loose),
  ]);
  const looseTimes = new Map(found.flat());
  return new Map(
    trees.flatMap((id): [string, CaptureTime][] => {
      const heldTime = held?.tree === id ? held.time : 0;
      const time = Math.max(looseTimes.get(id) ?? 0, packed.cruft.get(id) ?? 0, heldTime);
      const cleaned = packed.other.get(id);
      if (time > 0) {
        return [[id, { time, isEstimate: true }]];
      }
      return cleaned === undefined ? [] : [[id, { time: cleaned, isEstimate: false }]];
    }),
  );
}

/** Each capture writes the index, which ends up holding the id of the tree that was made of it. */
async function lastCapture(indexFile: string): Promise<{ tree: string; time: number } | undefined> {
  const [bytes, facts] = await Promise.all([readBytes(indexFile), factsOf(indexFile)]);
  const tree = bytes && treeOfIndex(bytes);
  return tree === undefined || facts === undefined ? undefined : { tree, time: facts.modifiedMs };
}

const ID_BYTES = 20;

/**
 * The root tree that an index vouches for, from the `TREE` extension of gitformat-index(5): after signature and length
 * comes the root's entry, an empty path, NUL, `<entries> <subtrees>`, a line feed and the id, which an outdated one lacks.
 */
export function treeOfIndex(index: Buffer): string | undefined {
  const at = index.lastIndexOf('TREE');
  const lineEnd = index.indexOf(0x0a, at + 9);
  const isValid = at !== -1 && lineEnd !== -1 && /^\0\d+ \d+$/.test(index.toString('latin1', at + 8, lineEnd));
  return isValid ? index.toString('hex', lineEnd + 1, lineEnd + 1 + ID_BYTES) : undefined;
}

interface PackedTimes {
  /** What cruft packs say of each object. */
  readonly cruft: ReadonlyMap<string, number>;
  /** When the other packs were made. */
  readonly other: ReadonlyMap<string, number>;
}

async function packedTimes(packFolder: string): Promise<PackedTimes> {
  const names = (await namesIn(packFolder)).filter((name) => name.endsWith('.idx')).map((name) => name.slice(0, -4));
  const cruft: [string, number][] = [];
  const other: [string, number][] = [];
  for (const name of names) {
    const path = join(packFolder, name);
    const [index, mtimes, facts] = await Promise.all([
      readBytes(`${path}.idx`),
      readBytes(`${path}.mtimes`),
      factsOf(`${path}.pack`),
    ]);
    const ids = index === undefined ? [] : idsInPack(index);
    if (mtimes !== undefined) {
      cruft.push(...timesOf(ids, mtimes));
    } else if (facts !== undefined) {
      other.push(...ids.map((id): [string, number] => [id, facts.modifiedMs]));
    }
  }
  return { cruft: new Map(cruft), other: new Map(other) };
}

const INDEX_HEADER = 8;
const FAN_OUT = 256 * 4;

/** The sorted ids in a pack index of version 2 (gitformat-pack(5)): after 8 bytes come 256 counts, then the ids. */
export function idsInPack(index: Buffer): string[] {
  const idsAt = INDEX_HEADER + FAN_OUT;
  const isKnown = index.length >= idsAt && index.toString('hex', 0, INDEX_HEADER) === 'ff744f6300000002';
  const count = isKnown ? Math.min(index.readUInt32BE(idsAt - 4), Math.floor((index.length - idsAt) / ID_BYTES)) : 0;
  return Array.from({ length: count }, (_, position) => {
    const at = idsAt + position * ID_BYTES;
    return index.toString('hex', at, at + ID_BYTES);
  });
}

const MTIMES_HEADER = 12;

/** What the `.mtimes` file of a cruft pack says (gitformat-pack(5)): after 12 bytes, seconds in the order of the pack's ids. */
export function timesOf(ids: readonly string[], mtimes: Buffer): [id: string, time: number][] {
  if (mtimes.toString('latin1', 0, 4) !== 'MTME') {
    return [];
  }
  const known = ids.slice(0, Math.max(0, Math.floor((mtimes.length - MTIMES_HEADER) / 4)));
  return known.map((id, position) => [id, mtimes.readUInt32BE(MTIMES_HEADER + position * 4) * 1000]);
}
