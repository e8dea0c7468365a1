import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

/** A SHA-1 that is fed piece by piece: what git names its objects with. */
export function sha1(): Hash {
  return createHash('sha1');
}

/** SHA-256 of bytes, or of a text's UTF-8 bytes, in hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
