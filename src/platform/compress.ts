import { promisify } from 'node:util';
import { createDeflate, crc32 as crc32OfNode, deflate as deflateOfNode, deflateSync } from 'node:zlib';
import type { Deflate } from 'node:zlib';

const deflateAsync = promisify<Uint8Array, { level: number }, Buffer>(deflateOfNode);

/** Fast rather than small: git packs again with better compression when the store is idle. */
const LEVEL = 1;

/** Up to this size, handing the work to another thread costs more than the work. */
const MOST_ON_MAIN_THREAD = 32 << 10;

/** The zlib stream of these bytes; that of more than a few is made off the main thread. */
export async function deflate(data: Uint8Array): Promise<Buffer> {
  return data.length <= MOST_ON_MAIN_THREAD
    ? deflateSync(data, { level: LEVEL, chunkSize: data.length + 64 })
    : deflateAsync(data, { level: LEVEL });
}

/** A zlib stream that is fed piece by piece. */
export function deflateStream(): Deflate {
  return createDeflate({ level: LEVEL });
}

export function crc32(data: Uint8Array, previous = 0): number {
  return crc32OfNode(data, previous);
}
