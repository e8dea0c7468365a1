import { sha1 } from '../../../platform/hash.ts';
import { pathFromBytes, pathToBytes } from '../../../platform/pathBytes.ts';

/**
 * Git's index as gitformat-index(5) describes it: versions 2, 3 and 4 are read, version 2 is written. Only SHA-1.
 */
export interface IndexEntry extends RawIndexEntry {
  /** Relative to the top of the work tree. */
  readonly path: string;
  readonly mode: number;
  /** 40 hexadecimal digits. */
  readonly id: string;
  readonly stat: IndexStat;
  /** 0, or 1 to 3 for the sides of a conflict. */
  readonly stage: number;
  readonly assumeValid: boolean;
  readonly skipWorktree: boolean;
  readonly intentToAdd: boolean;
}

/** The 40 bytes by which git tells whether a file changed: all numbers are cut to 32 bits. */
export type IndexStat = Buffer;

export interface ParsedIndex {
  readonly entries: readonly IndexEntry[];
  /** Four-letter names of the extensions that were there, `link` for a split and `sdir` for a sparse index. */
  readonly extensions: readonly string[];
}

/** What an index says of one path, as the bytes that it is written with. */
export interface RawIndexEntry {
  readonly name: Buffer;
  /** Stat data, mode and id: the part of an entry that is the same in all versions. */
  readonly fixed: Buffer;
}

const SIGNATURE = 'DIRC';
const HEADER = 12;
const STAT_BYTES = 40;
const ID_BYTES = 20;
const FIXED = STAT_BYTES + ID_BYTES + 2;
const CHECKSUM = 20;
const LONGEST_NAME_LENGTH = 0xfff;

export const GITLINK_MODE = 0o160000;
export const SPARSE_FOLDER_MODE = 0o040000;

/** A stat that matches no file: git then looks at the content, and reports the path as changed. */
export const NO_STAT: IndexStat = Buffer.alloc(STAT_BYTES);

/** @throws RangeError for anything but a whole index of a known version. */
export function parseIndex(data: Buffer): ParsedIndex {
  const version = data.length < HEADER + CHECKSUM ? 0 : data.readUInt32BE(4);
  if (data.toString('latin1', 0, 4) !== SIGNATURE || version < 2 || version > 4) {
    throw new RangeError('This is not an index that can be read.');
  }
  const count = data.readUInt32BE(8);
  const entries: IndexEntry[] = [];
  let at = HEADER;
  let previous: Buffer = Buffer.alloc(0);
  for (let number = 0; number < count; number += 1) {
    const { entry, next } = parseEntry(data, at, version, previous);
    entries.push(entry);
    previous = entry.name;
    at = next;
  }
  if (at > data.length - CHECKSUM) {
    throw new RangeError('The index is cut off.');
  }
  return { entries, extensions: extensionNames(data, at) };
}

function parseEntry(data: Buffer, at: number, version: number, previous: Buffer): { entry: ParsedEntry; next: number } {
  const flags = data.readUInt16BE(at + STAT_BYTES + ID_BYTES);
  const extended = (flags & 0x4000) !== 0;
  const more = extended ? data.readUInt16BE(at + FIXED) : 0;
  const nameAt = at + FIXED + (extended ? 2 : 0);
  const { name, end } = version === 4 ? compressedName(data, nameAt, previous) : plainName(data, nameAt, flags);
  // Up to version 3, one to eight zero bytes end an entry, so that its length is a multiple of eight.
  const next = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  return { entry: new ParsedEntry(name, data.subarray(at, at + STAT_BYTES + ID_BYTES), flags, more), next };
}

/** Of many entries little is ever asked, so that it is made out of the bytes only then. */
class ParsedEntry implements IndexEntry {
  readonly name: Buffer;
  readonly fixed: Buffer;
  readonly #flags: number;
  readonly #more: number;

  constructor(name: Buffer, fixed: Buffer, flags: number, more: number) {
    this.name = name;
    this.fixed = fixed;
    this.#flags = flags;
    this.#more = more;
  }

  get path(): string {
    return pathFromBytes(this.name);
  }

  get mode(): number {
    return this.fixed.readUInt32BE(24);
  }

  get id(): string {
    return this.fixed.toString('hex', STAT_BYTES);
  }

  get stat(): IndexStat {
    return this.fixed.subarray(0, STAT_BYTES);
  }

  get stage(): number {
    return (this.#flags >> 12) & 3;
  }

  get assumeValid(): boolean {
    return (this.#flags & 0x8000) !== 0;
  }

  get skipWorktree(): boolean {
    return (this.#more & 0x4000) !== 0;
  }

  get intentToAdd(): boolean {
    return (this.#more & 0x2000) !== 0;
  }
}

function plainName(data: Buffer, nameAt: number, flags: number): { name: Buffer; end: number } {
  const length = flags & LONGEST_NAME_LENGTH;
  const end = length < LONGEST_NAME_LENGTH ? nameAt + length : endOfName(data, nameAt);
  return { name: data.subarray(nameAt, end), end };
}

/** Version 4: how many bytes to cut off the end of the previous name, and what to put there. */
function compressedName(data: Buffer, nameAt: number, previous: Buffer): { name: Buffer; end: number } {
  let at = nameAt;
  let byte = data.readUInt8(at++);
  let cut = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = data.readUInt8(at++);
    cut = (cut + 1) * 128 + (byte & 0x7f);
  }
  const end = endOfName(data, at);
  const kept = previous.subarray(0, previous.length - cut);
  return { name: Buffer.concat([kept, data.subarray(at, end)]), end };
}

function endOfName(data: Buffer, at: number): number {
  const end = data.indexOf(0, at);
  if (end === -1) {
    throw new RangeError('The index is cut off.');
  }
  return end;
}

function extensionNames(data: Buffer, from: number): string[] {
  const names: string[] = [];
  for (let at = from; at + 8 <= data.length - CHECKSUM; at += 8 + data.readUInt32BE(at + 4)) {
    names.push(data.toString('latin1', at, at + 4));
  }
  return names;
}

/** An entry to be written. */
export function indexEntry(path: string, mode: number, id: string, stat: IndexStat): RawIndexEntry {
  const fixed = Buffer.alloc(STAT_BYTES + ID_BYTES);
  stat.copy(fixed);
  fixed.writeUInt32BE(mode, 24);
  fixed.write(id, STAT_BYTES, 'hex');
  return { name: pathToBytes(path), fixed };
}

/** The same entry without anything that vouches for what is on disk. */
export function doubted({ name, fixed }: RawIndexEntry): RawIndexEntry {
  const doubtful = Buffer.alloc(fixed.length);
  fixed.copy(doubtful, 24, 24, 28);
  fixed.copy(doubtful, STAT_BYTES, STAT_BYTES);
  return { name, fixed: doubtful };
}

/** The bytes of a version 2 index with these entries, in any order. */
export function serializeIndex(entries: readonly RawIndexEntry[]): Buffer {
  const sorted = entries.toSorted((a, b) => Buffer.compare(a.name, b.name));
  const size = sorted.reduce((sum, { name }) => sum + entrySize(name), HEADER);
  const data = Buffer.alloc(size + CHECKSUM);
  data.write(SIGNATURE, 0, 'latin1');
  data.writeUInt32BE(2, 4);
  data.writeUInt32BE(sorted.length, 8);
  let at = HEADER;
  for (const { name, fixed } of sorted) {
    data.set(fixed, at);
    data.writeUInt16BE(Math.min(name.length, LONGEST_NAME_LENGTH), at + STAT_BYTES + ID_BYTES);
    data.set(name, at + FIXED);
    at += entrySize(name);
  }
  sha1().update(data.subarray(0, size)).digest().copy(data, size);
  return data;
}

function entrySize(name: Buffer): number {
  return (FIXED + name.length + 8) & ~7;
}

export interface FileStatNumbers {
  readonly ctimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly size: bigint;
}

const NANOSECONDS = 1_000_000_000n;

/** What git would put in its index for a file with this stat. */
export function indexStat(stat: FileStatNumbers): IndexStat {
  const data = Buffer.alloc(STAT_BYTES);
  const fields = [
    [0, stat.ctimeNs / NANOSECONDS],
    [4, stat.ctimeNs % NANOSECONDS],
    [8, stat.mtimeNs / NANOSECONDS],
    [12, stat.mtimeNs % NANOSECONDS],
    [16, stat.dev],
    [20, stat.ino],
    [28, stat.uid],
    [32, stat.gid],
    [36, stat.size],
  ] as const;
  for (const [at, value] of fields) {
    data.writeUInt32BE(Number(BigInt.asUintN(32, value)), at);
  }
  return data;
}

/** The file size that a stat of the index names, cut to 32 bits. */
export function indexedSize(stat: IndexStat): number {
  return stat.readUInt32BE(36);
}

/** Seconds of the last change that a stat of the index names: of the content, or of anything else about the file. */
export function indexChangeSeconds(stat: IndexStat): number {
  return Math.max(stat.readUInt32BE(0), stat.readUInt32BE(8));
}
