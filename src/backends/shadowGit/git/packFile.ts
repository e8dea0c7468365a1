import { join } from 'node:path';
import { crc32 } from '../../../platform/compress.ts';
import { sha1 } from '../../../platform/hash.ts';
import { OutputFile } from '../../../platform/outputFile.ts';
import type { ObjectType } from './gitObjects.ts';

interface PackedObject {
  readonly id: string;
  readonly crc: number;
  readonly offset: number;
}

const TYPE_BITS: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const LARGE_OFFSET = 0x8000_0000;

/** A pack being written, and its index, as gitformat-pack(5) describes version 2 of both. */
export class PackFile {
  readonly #folder: string;
  readonly #file: OutputFile;
  readonly #objects: PackedObject[] = [];

  private constructor(folder: string, file: OutputFile) {
    this.#folder = folder;
    this.#file = file;
  }

  static async create(packFolder: string): Promise<PackFile> {
    const file = await OutputFile.create(packFolder, 'tmp_pack_');
    await file.append(packHeader(0));
    return new PackFile(packFolder, file);
  }

  /** Adds an object whose content has been compressed already. */
  async add(id: string, type: ObjectType, size: number, compressed: Uint8Array): Promise<void> {
    const header = objectHeader(type, size);
    const offset = this.#file.size;
    await this.#file.append(Buffer.concat([header, compressed]));
    this.#objects.push({ id, offset, crc: crc32(compressed, crc32(header)) });
  }

  /** Makes the pack part of the store. Durable when this resolves. */
  async commit(): Promise<void> {
    await this.#file.overwrite(packHeader(this.#objects.length), 0);
    const checksum = await this.#file.digest();
    await this.#file.append(checksum);
    const name = join(this.#folder, `pack-${checksum.toString('hex')}`);
    const index = await OutputFile.create(this.#folder, 'tmp_idx_');
    await index.append(packIndex(this.#objects, checksum));
    // Git looks for indexes: one must never be there without its pack.
    await this.#file.commit(`${name}.pack`);
    await index.commit(`${name}.idx`);
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }
}

function packHeader(count: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1');
  header.writeUInt32BE(count, 8);
  return header;
}

/** Type and size, seven bits at a time, the lowest (with the type: four) first. */
function objectHeader(type: ObjectType, size: number): Buffer {
  const bytes = [(TYPE_BITS[type] << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest % 128);
  }
  return Buffer.from(bytes);
}

function packIndex(objects: readonly PackedObject[], packChecksum: Buffer): Buffer {
  const sorted = objects.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const large = sorted.filter(({ offset }) => offset >= LARGE_OFFSET);
  const largeOffsets = Buffer.alloc(large.length * 8);
  large.forEach(({ offset }, position) => largeOffsets.writeBigUInt64BE(BigInt(offset), position * 8));
  let nextLarge = 0;
  const content = Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    words(fanOut(sorted)),
    Buffer.from(sorted.map(({ id }) => id).join(''), 'hex'),
    words(sorted.map(({ crc }) => crc)),
    words(sorted.map(({ offset }) => (offset < LARGE_OFFSET ? offset : LARGE_OFFSET + nextLarge++))),
    largeOffsets,
    packChecksum,
  ]);
  return Buffer.concat([content, sha1().update(content).digest()]);
}

/** For each first byte: how many ids begin with it or a smaller one. */
function fanOut(sorted: readonly PackedObject[]): number[] {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const { id } of sorted) {
    const first = Number.parseInt(id.slice(0, 2), 16);
    counts[first] = (counts[first] ?? 0) + 1;
  }
  let sum = 0;
  return counts.map((count) => (sum += count));
}

function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, position) => buffer.writeUInt32BE(value, position * 4));
  return buffer;
}
