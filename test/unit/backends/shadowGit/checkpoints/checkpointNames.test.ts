import assert from 'node:assert/strict';
import { chooseName } from '../../../../../src/backends/shadowGit/checkpoints/checkpointNames.ts';
import { isCheckpointError } from '../../../../../src/core/error.ts';

const others = [
  { id: '1', name: 'stable' },
  { id: '2', name: 'My-title' },
];
const now = new Date(2026, 0, 2, 3, 4, 5);

function chosen(title: string | undefined): string {
  try {
    const { name, label } = chooseName(title, others, now);
    return `${name} (${label})`;
  } catch (error) {
    assert(isCheckpointError(error));
    return `${error.reason}: ${error.message} ${JSON.stringify(error.details)}`;
  }
}

describe('the name of a new checkpoint', () => {
  it('is the title where that is a name, is derived from it otherwise, and automatic without one', () => {
    assert.deepEqual(['release-1', 'My title', 'Été!', undefined, ' \n ', '***'].map(chosen), [
      'release-1 (release-1)',
      'My-title-2 (My title)',
      'Ete (Été!)',
      'snap-20260102-030405 (snap-20260102-030405)',
      'snap-20260102-030405 (snap-20260102-030405)',
      'snap-20260102-030405 (***)',
    ]);
  });

  it('is refused when somebody gives a name that another checkpoint has', () => {
    assert.equal(
      chosen('stable'),
      'conflict: There is a checkpoint named "stable" already. {"name":"stable","existing":"1"}',
    );
  });
});
