import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { agentPath } from '../../../src/agent/agentPath.ts';
import { isCheckpointError } from '../../../src/core/error.ts';

function resolve(text: string, folder = '/work/project'): string {
  try {
    return agentPath(text, folder);
  } catch (error) {
    return isCheckpointError(error, 'usage') ? 'refused' : String(error);
  }
}

describe('A path from an agent', () => {
  it('is relative to the folder, or absolute and inside it', () => {
    const texts = [
      'a.txt',
      './src//a.txt',
      'src/',
      '/work/project/src/a.txt',
      '/work/project//a',
      'a..b.txt',
      ' a',
      'a\\b',
    ];
    assert.deepEqual(
      texts.map((text) => resolve(text)),
      ['a.txt', 'src/a.txt', 'src', 'src/a.txt', 'a', 'a..b.txt', ' a', 'a\\b'],
    );
    assert.equal(resolve('/root/a', '/root/'), 'a');
    assert.equal(resolve('/etc/hosts', '/'), 'etc/hosts');
  });

  it('is refused when it leads elsewhere or is the folder itself', () => {
    const texts = [
      '..',
      'a/../../b',
      '/etc/passwd',
      '/work/project2/a',
      '/work/project/../x',
      'a\0b',
      '',
      '.',
      '/work/project',
    ];
    assert.deepEqual(
      texts.map((text) => resolve(text)),
      texts.map(() => 'refused'),
    );
  });

  it('may use the separators of Windows there', () => {
    const folder = 'C:\\work\\project';
    assert.deepEqual(
      ['src\\a.txt', 'C:\\work\\project\\a', 'C:/work/project/a', 'D:\\a', 'C:\\work', '..\\a'].map((text) =>
        resolve(text, folder),
      ),
      ['src/a.txt', 'a', 'a', 'refused', 'refused', 'refused'],
    );
  });
});
