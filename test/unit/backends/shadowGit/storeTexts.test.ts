import assert from 'node:assert/strict';
import { isAtLeast, parseGitVersion } from '../../../../src/backends/shadowGit/git/gitVersion.ts';
import { quotedPath } from '../../../../src/backends/shadowGit/git/quotedPath.ts';
import { modeDiff } from '../../../../src/backends/shadowGit/state/unifiedDiff.ts';
import { workspacePath } from '../../../../src/platform/workspacePath.ts';
import type { Change } from '../../../../src/core/change.ts';
import { isCheckpointError } from '../../../../src/core/error.ts';

describe('a unified diff', () => {
  it('shows permission bits that git does not know in the words of git', () => {
    const change = (path: string, before: number, after: number, content = 'x'): Change => ({
      path,
      kind: 'modified',
      before: { type: 'file', mode: before, content: 'x' },
      after: { type: 'file', mode: after, content },
    });
    const changes = [
      change('secret', 0o644, 0o600),
      change('run', 0o644, 0o755),
      change('edited', 0o644, 0o600, 'y'),
      change('a\tb', 0o755, 0o4755),
    ];
    assert.equal(
      modeDiff(changes).toString('utf8'),
      'diff --git a/secret b/secret\nold mode 100644\nnew mode 100600\n' +
        'diff --git "a/a\\tb" "b/a\\tb"\nold mode 100755\nnew mode 104755\n',
    );
  });

  it('quotes names as git does', () => {
    const quoted = ['plain é', 'a"b\\', '\x01\x7f', 'x\uDCFF'].map((path) => quotedPath(path).toString('latin1'));
    assert.deepEqual(quoted, ['plain \xc3\xa9', '"a\\"b\\\\"', '"\\001\\177"', 'x\xff']);
  });
});

describe('a path that is asked for', () => {
  it('is brought into the form that the store has', () => {
    assert.deepEqual(['a', './a//b/', 'a..b/...', '.'].map(workspacePath), ['a', 'a/b', 'a..b/...', '']);
  });

  it('is refused when it is not inside the folder', () => {
    const refused = ['', '/etc/passwd', '../x', 'a/../../x', 'a\0b'].map((path) => {
      try {
        return workspacePath(path);
      } catch (error) {
        return isCheckpointError(error) ? error.reason : error;
      }
    });
    assert.deepEqual(refused, ['usage', 'usage', 'usage', 'usage', 'usage']);
  });
});

describe('the version of git', () => {
  it('is understood in all the forms that it is printed in', () => {
    const texts = ['git version 2.39.5', 'git version 2.30.1.windows.2', 'git version 2.50.1 (Apple Git-155)', 'no'];
    const shown = texts.map(parseGitVersion).map((found) => found && `${found.text} ${isAtLeast(found, 2, 39)}`);
    assert.deepEqual(shown, ['2.39.5 true', '2.30.1.windows.2 false', '2.50.1 true', undefined]);
  });
});
