import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { idsInPack, timesOf, treeOfIndex } from '../../../../src/backends/dockerAgent/captureTimes.ts';
import { snapshotKey } from '../../../../src/backends/dockerAgent/snapshotRepository.ts';

const [ONE, TWO] = ['1'.repeat(40), '2'.repeat(40)];

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

describe('the repository of docker-agent', () => {
  it('has its name from the top of the work tree', () => {
    assert.equal(snapshotKey('/home/user/my-project'), 'c7e2f75b53b978867502cd111ca4a431');
  });

  it('tells in its index which tree was captured last, unless the index has changed since', () => {
    const index = (root: string) =>
      Buffer.concat([
        Buffer.from('DIRC…TREE in a name…', 'utf8'),
        Buffer.from('TREE'),
        word(99),
        Buffer.from(root, 'latin1'),
        Buffer.from(TWO, 'hex'),
        Buffer.from('d\u00001 0\n', 'latin1'),
        Buffer.from(ONE, 'hex'),
      ]);
    const trees = [index('\u00003 1\n'), index('\u0000-1 1\n'), Buffer.from('DIRC'), Buffer.alloc(0)].map(treeOfIndex);
    assert.deepEqual(trees, [TWO, undefined, undefined, undefined]);
  });

  it('has times beside the packs of what nothing refers to, in the order of their ids', () => {
    const counts = Array.from({ length: 256 }, (_, byte) => word([0x11, 0x22].filter((first) => first <= byte).length));
    const header = Buffer.from('ff744f6300000002', 'hex');
    const pack = Buffer.concat([header, ...counts, Buffer.from(ONE + TWO, 'hex'), Buffer.alloc(80)]);
    const mtimes = Buffer.concat([
      Buffer.from('MTME'),
      word(1),
      word(1),
      word(1_700_000_000),
      word(7),
      Buffer.alloc(40),
    ]);
    assert.deepEqual(idsInPack(pack), [ONE, TWO]);
    assert.deepEqual(timesOf(idsInPack(pack), mtimes), [
      [ONE, 1_700_000_000_000],
      [TWO, 7000],
    ]);
    const damaged = [pack.subarray(0, 1040), Buffer.alloc(2000), Buffer.alloc(0)].map(idsInPack);
    assert.deepEqual(
      [damaged, timesOf([ONE], Buffer.alloc(40)), timesOf([ONE], Buffer.from('MTME'))],
      [[[], [], []], [], []],
    );
  });
});
