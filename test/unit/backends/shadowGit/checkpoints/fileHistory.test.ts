import assert from 'node:assert/strict';
import { fileHistory } from '../../../../../src/backends/shadowGit/checkpoints/fileHistory.ts';
import type { JournalLine, PackedChange } from '../../../../../src/backends/shadowGit/checkpoints/journalLine.ts';
import type { Entry } from '../../../../../src/core/change.ts';
import { journalLine } from '../../../../support/storeLines.ts';

const added: PackedChange = ['a', '', 'f644 one 3'];
const modified: PackedChange = ['a', 'f644 one 3', 'f755 one 3'];
const deleted: PackedChange = ['a', 'f755 one 3', ''];
const other: PackedChange = ['ab', '', 'f644 two 3'];

async function history(
  lists: readonly (readonly PackedChange[] | undefined)[],
  lookUp: (line: JournalLine) => Promise<Entry | 'unreadable' | undefined> = async () =>
    assert.fail('nothing to look up'),
): Promise<string[]> {
  const lines = lists.map((list, index) => journalLine(index + 1, list));
  const versions = await fileHistory(lines, 'a', lookUp);
  return versions.map(
    ({ checkpoint, kind, entry }) =>
      `${Number(checkpoint)} ${kind}${entry === undefined ? '' : ` ${entry.mode.toString(8)} ${entry.content}`}`,
  );
}

describe('the history of a file', () => {
  it('has one version per checkpoint, newest first, with deleted and re-created ones', async () => {
    assert.deepEqual(await history([[other], [added], [modified, other], [], [deleted], [other], [added]]), [
      '7 added 644 one',
      '6 unchanged',
      '5 deleted',
      '4 unchanged 755 one',
      '3 modified 755 one',
      '2 added 644 one',
      '1 unchanged',
    ]);
  });

  it('is empty for a file that no checkpoint ever held', async () => {
    assert.deepEqual(await history([[other], []]), []);
  });

  it('asks the trees where a checkpoint has no list, and goes on with what they say', async () => {
    const found: Entry = { type: 'file', mode: 0o644, content: 'one' };
    assert.deepEqual(await history([undefined, [], [modified]], async () => found), [
      '3 modified 755 one',
      '2 unchanged 644 one',
      '1 added 644 one',
    ]);
  });

  it('leaves damaged checkpoints out instead of calling the file deleted', async () => {
    assert.deepEqual(await history([[added], undefined, []], async () => 'unreadable'), [
      '3 unchanged 644 one',
      '1 added 644 one',
    ]);
  });

  it('does not take a folder of that name for the file', async () => {
    assert.deepEqual(await history([[added], [['a', 'f644 one 3', 'd755 ']], [['a', 'd755 ', '']]]), [
      '3 unchanged',
      '2 deleted',
      '1 added 644 one',
    ]);
  });
});
