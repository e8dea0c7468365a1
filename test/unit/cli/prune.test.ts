import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openMemoryCommandLine } from '../../support/memoryCommandLine.ts';

describe('the command prune', () => {
  it('tells what would go, then deletes exactly that', async () => {
    // The automatic checkpoints of one hour, a month later: the newest fifty and the manual one stay.
    const line = openMemoryCommandLine(new Date(Date.UTC(2025, 1, 8)));
    for (let number = 0; number < 53; number += 1) {
      line.workspace.write({ a: `${number}` });
      await line.create(`made ${number}`, number === 1 ? 'manual' : 'auto');
    }
    const gone = { deleted: ['3000', '1000'].map((id) => ({ id, reason: 'age' })), kept: 51 };
    const titles = '  "made 2" (3000): old\n  "made 0" (1000): old';
    assert.deepEqual(await line.json('prune --dry-run'), { code: 0, document: gone });
    assert.equal(await line.run('prune --dry-run'), `Would delete 2 checkpoints; 51 stay.\n${titles}`);
    assert.equal((await line.labels()).length, 53);
    assert.equal(await line.run('prune'), `Deleted 2 checkpoints; 51 stay.\n${titles}`);
    assert.equal((await line.labels()).at(-1), 'made 1');
    assert.deepEqual(await line.json('prune'), { code: 0, document: { deleted: [], kept: 51 } });
    assert.equal(await line.run('prune'), 'There is nothing to prune; all 51 stay.');
  });
});
