import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { firstGitMoment, gitMoment } from '../../../../src/app/automatic/gitMoment.ts';

const ID = '0123456789abcdef0123456789abcdef01234567';

describe('What git did to the files', () => {
  it('is told by its reflog as the command that people know', () => {
    const messages = [
      'checkout: moving from main to feature/x',
      `checkout: moving from main to ${ID}`,
      'reset: moving to HEAD~1',
      'reset: moving to HEAD',
      'rebase (start): checkout main',
      'rebase -i (start): checkout main',
      'rebase (pick): a subject',
      'merge topic: Fast-forward',
      'pull: Fast-forward',
      'pull https://me:secret@example.org/x main: Fast-forward',
      'pull --rebase (start): checkout 1234',
      'cherry-pick: a subject',
      'am: a subject',
    ];
    assert.deepEqual(
      messages.map((message) => gitMoment(`${ID} ${ID} A U Thor <a@example.org> 1700000000 +0000\t${message}`)),
      [
        'git checkout feature/x',
        'git checkout 01234567',
        'git reset HEAD~1',
        'git reset HEAD',
        'git rebase main',
        'git rebase main',
        'git rebase',
        'git merge topic',
        'git pull',
        'git pull',
        'git pull',
        'git cherry-pick',
        'git am',
      ],
    );
  });

  it('is nothing for commits, clones and what is no reflog', () => {
    const messages = ['commit: reset: moving to x', 'commit (initial): one', 'clone: from x', 'Branch: renamed', ''];
    assert.deepEqual(
      messages.filter((message) => gitMoment(`a b c\t${message}`) !== undefined),
      [],
    );
    assert.equal(gitMoment(''), undefined);
  });

  it('is the first of several steps', () => {
    const steps = ['commit: x', 'rebase (start): checkout main', 'rebase (pick): y', 'rebase (finish): returning'];
    assert.equal(firstGitMoment(steps.map((step) => `a b c\t${step}`).join('\n')), 'git rebase main');
  });
});
