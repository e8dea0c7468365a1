import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fileVersions, revertChoices, type LocatedVersion } from '../../../src/app/fileVersions.ts';
import { file } from '../../support/folderTree.ts';
import { openMemorySession } from '../../support/memorySession.ts';

const render = (versions: readonly LocatedVersion[]) =>
  versions.map(({ checkpoint, version }) => `${checkpoint.label} ${version.kind}`).join(', ');

/** Checkpoints c1, c2, … after each of these contents of the file `a`; undefined stands for no file. */
async function history(...contents: readonly (string | undefined)[]) {
  const opened = openMemorySession();
  for (const [index, content] of contents.entries()) {
    if (content === undefined) {
      opened.workspace.remove('a');
    } else {
      opened.workspace.write({ a: content });
    }
    await opened.create(`c${index + 1}`);
  }
  return opened;
}

describe('the versions of a file', () => {
  it('are the checkpoints at which it changed, newest first', async () => {
    const { store } = await history(undefined, '1', '1', '2', undefined, '2');
    assert.equal(render(await fileVersions(store, 'a')), 'c6 added, c5 deleted, c4 modified, c2 added');
  });

  it('are none for a file that no checkpoint held', async () => {
    const { store } = await history(undefined, undefined);
    assert.deepEqual(await fileVersions(store, 'a'), []);
  });
});

describe('the choices for a revert', () => {
  it('are the newest checkpoint of each run of versions that differ from now', async () => {
    const { store } = await history('1', '1', '2', '2', '3');
    assert.equal(render(await revertChoices(store, 'a')), 'c4 unchanged, c2 unchanged');
  });

  it('begin with the newest checkpoint when the file was edited since', async () => {
    const { store, workspace } = await history('1', '2');
    workspace.write({ a: 'edited' });
    assert.equal(render(await revertChoices(store, 'a')), 'c2 modified, c1 added');
  });

  it('bring a deleted file back, and offer that it was not there', async () => {
    const { store, workspace } = await history(undefined, '1');
    assert.equal(render(await revertChoices(store, 'a')), 'c1 unchanged');
    workspace.remove('a');
    assert.equal(render(await revertChoices(store, 'a')), 'c2 added');
  });

  it('count a change of permission bits as another version', async () => {
    const { store, workspace } = await history('1');
    workspace.write({ a: file('1', 0o755) });
    assert.equal(render(await revertChoices(store, 'a')), 'c1 added');
  });

  it('are none for a file that is as it always was', async () => {
    const { store } = await history('1', '1');
    assert.deepEqual(await revertChoices(store, 'a'), []);
  });
});
