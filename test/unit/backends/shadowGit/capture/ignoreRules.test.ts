import assert from 'node:assert/strict';
import { composeExcludes } from '../../../../../src/backends/shadowGit/capture/ignoreRules.ts';

describe('the exclude file of a store', () => {
  it('lists the sources in the order of their precedence, each ending its line', () => {
    const text = composeExcludes({ global: '*.swp', repository: '# note\n*.log\n', setting: ['/out'], prefix: '' });
    assert.equal(text, '*.swp\n# note\n*.log\n/out\n');
  });

  for (const [pattern, expected] of Object.entries({
    '*.o': '/sub/**/*.o',
    'build/': '/sub/**/build/',
    '/out': '/sub/out',
    'a/b': '/sub/a/b',
    '!keep': '!/sub/**/keep',
    '!/out/keep': '!/sub/out/keep',
    '# note': '# note',
  })) {
    it(`reads the setting "${pattern}" relative to a folder below the top`, () => {
      const text = composeExcludes({ global: '', repository: '', setting: [pattern], prefix: 'sub/' });
      assert.equal(text, `${expected}\n`);
    });
  }

  it('takes special characters of the folder as they are', () => {
    assert.equal(
      composeExcludes({ global: '', repository: '', setting: ['/x'], prefix: 'a [b]*/' }),
      '/a\\ \\[b\\]\\*/x\n',
    );
  });
});
