import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { FrameReader } from '../../../src/platform/webSocket.ts';

const FINAL = 0x80;

/** A frame as a server sends it: RFC 6455, section 5.2. */
function frame(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) {
    return Buffer.concat([Buffer.from([first, length]), payload]);
  }
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = first;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) {
    header.writeUInt16BE(length, 2);
  } else {
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

/** A message in fragments, a ping between any two of them. */
function message(text: string, fragmentSize: number): Buffer {
  const bytes = Buffer.from(text);
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += fragmentSize) {
    const last = at + fragmentSize >= bytes.length;
    frames.push(frame((at === 0 ? 1 : 0) | (last ? FINAL : 0), bytes.subarray(at, at + fragmentSize)));
    frames.push(frame(FINAL | 9, Buffer.from('p')));
  }
  return Buffer.concat(frames);
}

function read(bytes: Buffer, chunkSize: number): { texts: string[]; pings: number; closed: boolean } {
  const seen = { texts: [] as string[], pings: 0, closed: false };
  const reader = new FrameReader({
    text: (text) => seen.texts.push(text),
    ping: () => (seen.pings += 1),
    close: () => (seen.closed = true),
  });
  for (let at = 0; at < bytes.length; at += chunkSize) {
    reader.push(bytes.subarray(at, at + chunkSize));
  }
  return seen;
}

describe('WebSocket frames', () => {
  it('become the messages that were sent, in whatever fragments and chunks they come', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 5 });
    const sizes = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(texts, sizes, sizes, (sent, fragmentSize, chunkSize) => {
        const bytes = Buffer.concat(sent.map((text) => message(text, fragmentSize)));
        assert.deepEqual(read(bytes, chunkSize).texts, sent);
      }),
    );
  });

  it('of every form of length are read', () => {
    const sent = [125, 126, 65_535, 65_536, 200_000].map((length) => 'x'.repeat(length));
    const bytes = Buffer.concat(sent.map((text) => message(text, 1_000_000)));
    assert.deepEqual(
      read(bytes, 4096).texts.map(({ length }) => length),
      [125, 126, 65_535, 65_536, 200_000],
    );
  });

  it('that ask for something are told apart from messages', () => {
    const bytes = Buffer.concat([
      message('a', 1),
      frame(FINAL | 8, Buffer.of()),
      frame(FINAL | 2, Buffer.from('binary')),
    ]);
    assert.deepEqual(read(bytes, 3), { texts: ['a'], pings: 1, closed: true });
  });

  it('that a server may not send end the reading', () => {
    assert.throws(() => read(Buffer.from([FINAL | 1, 0x80, 0, 0, 0, 0]), 10), /masked/);
  });
});
