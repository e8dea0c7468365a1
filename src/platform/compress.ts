import { promisify } from 'node:util';
import { createDeflate, crc32 as crc32OfNode, deflate as deflateOfNode } from 'node:zlib';
import type { Deflate } from 'node:zlib';

const deflateAsync = promisify<Uint8Array, { level: number }, Buffer>(deflateOfNode);

/** Fast rather than small: git packs again with better compression when the store is idle. */
const LEVEL = 1;

/** The zlib stream of these bytes, made off the main thread. */
export function deflate(data: Uint8Array): Promise<Buffer> {
  return deflateAsync(data, { level: LEVEL });
}

/** A zlib stream that is fed piece by piece. */
export function deflateStream(): Deflate {
  return createDeflate({ level: LEVEL });
}

export function crc32(data: Uint8Array, previous = 0): number {
  return crc32OfNode(data, previous);
}
