import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pathFromBytes, pathToBytes } from '../../../src/platform/pathBytes.ts';

describe('path bytes', () => {
  it('carry every byte sequence through text and JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const path = pathFromBytes(Buffer.from(bytes));
        const travelled = JSON.parse(JSON.stringify(path)) as string;
        assert.deepEqual(pathToBytes(travelled), Buffer.from(bytes));
      }),
    );
  });

  it('leave valid UTF-8 as it is and escape only the bytes that are not', () => {
    const shown = ['plain', 'é😀', '\uFFFD'].map((text) => pathFromBytes(Buffer.from(text)));
    assert.deepEqual(shown, ['plain', 'é😀', '\uFFFD']);
    assert.equal(pathFromBytes(Buffer.from([0x61, 0xff, 0x62])), 'a\uDCFFb');
    assert.equal(pathFromBytes(Buffer.concat([Buffer.from('😀'), Buffer.from([0x80])])), '😀\uDC80');
  });
});
