import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

describe('A restore', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
    host.write({ 'a.txt': 'one\n', 'src/b.txt': 'two\n', 'src/c.txt': 'three\n' });
    await host.run('createNamedCheckpoint', [], 'good');
    host.write({ 'a.txt': 'broken\n', 'src/b.txt': 'broken\n', 'new.txt': 'by the agent\n' });
  });

  const good = { 'a.txt': 'one\n', 'src/b.txt': 'two\n', 'src/c.txt': 'three\n' };
  const broken = { 'a.txt': 'broken\n', 'new.txt': 'by the agent\n', 'src/b.txt': 'broken\n', 'src/c.txt': 'three\n' };

  it('asks once with counts, puts the files back, and is undone and redone', async () => {
    const transcript = await host.run('restoreCheckpoint', [await host.checkpoint('good')], true);
    assert.deepEqual(transcript, [
      'Restore "good"? [Restore]',
      'It changes 3 files of the workspace: 2 modified, 1 deleted.',
      'The present state is kept as a checkpoint, and Undo Last Restore brings it back.',
    ]);
    assert.deepEqual(host.files(), good);
    assert.equal(host.surface.view.message, '2 files restored, 1 file deleted. Undo Last Restore takes it back.');
    assert.equal(host.surface.keys.current['snapshotTimeline.canUndo'], true);

    await host.run('undoRestore', [], true);
    assert.deepEqual(host.files(), broken);
    assert.deepEqual(
      [host.surface.keys.current['snapshotTimeline.canUndo'], host.surface.keys.current['snapshotTimeline.canRedo']],
      [false, true],
    );

    await host.run('redoRestore', [], true);
    assert.deepEqual(host.files(), good);
  });

  it('lets "Now" tell what the files are like again, until something changes', async () => {
    const now = async (): Promise<string | undefined> => (await host.tree())[0];
    await host.run('restoreCheckpoint', [await host.checkpoint('good')], true);
    const restored = await now();
    host.write({ 'd.txt': 'a new file\n' });
    const changed = await now();
    host.remove('d.txt');
    await host.run('undoRestore', [], true);
    assert.deepEqual(
      [restored, changed, await now()],
      [
        'Now | as in "good" · 2 modified, 1 deleted',
        'Now | 1 added, 2 modified, 1 deleted',
        `Now | as in "${host.open.checkpoints[1]?.label}" · 1 added, 2 modified`,
      ],
    );
  });

  it('of a folder alone does not make "Now" like the checkpoint', async () => {
    const folder = vscode.Uri.joinPath(host.open.folder.uri, 'src');
    await host.run('restoreFolder', [folder], 'good', true);
    assert.equal((await host.tree())[0], 'Now | 1 modified');
  });

  it('leaves files and checkpoints as they were when it is declined, without a message', async () => {
    const transcript = await host.run('restoreCheckpoint', [await host.checkpoint('good')], false);
    assert.equal(transcript.length, 3);
    assert.deepEqual(host.files(), broken);
    assert.deepEqual(
      host.open.checkpoints.map(({ label }) => label),
      ['good'],
    );
  });

  it('shows its plan as a multi-file diff when a preview is wanted, and can go on from there', async () => {
    await host.run('restoreCheckpoint', [await host.checkpoint('good')], 'preview', true);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, 'workspace ↔ good (3 files)');
    assert.deepEqual(host.files(), good);
  });

  it('of a folder touches only that folder', async () => {
    const folder = vscode.Uri.joinPath(host.open.folder.uri, 'src');
    await host.run('restoreFolder', [folder], 'good', true);
    assert.deepEqual(host.files(), { ...broken, 'src/b.txt': 'two\n' });
  });

  it('of a folder asks for the folders that differ when called on a checkpoint', async () => {
    const transcript = await host.run('restoreFolder', [await host.checkpoint('good')], 'src', true);
    assert.deepEqual(transcript.slice(0, 3), [
      'Restore Folder: Choose a folder that differs from "good"',
      '  The whole folder | 3 changes',
      '  src | 1 change',
    ]);
    assert.deepEqual(host.files(), { ...broken, 'src/b.txt': 'two\n' });
  });

  it('says so when there is nothing to do', async () => {
    await host.run('restoreCheckpoint', [await host.checkpoint('good')], true);
    await host.run('restoreCheckpoint', [await host.checkpoint('good')]);
    assert.equal(host.surface.view.message, 'Nothing to do: the files are as they were then.');
  });

  it('saves unsaved editors first, so that they come back by undo', async () => {
    const document = await typeInto('typed.txt', 'then ');
    const transcript = await host.run('restoreCheckpoint', [await host.checkpoint('good')], true, true);
    assert.deepEqual(transcript.slice(0, 4), [
      'Save 1 file with unsaved changes first? [Save All]',
      'Saved, they become part of the safety checkpoint and can be brought back.',
      '',
      'typed.txt',
    ]);
    assert.deepEqual([host.files(), document.isDirty], [good, false]);
    await host.run('undoRestore', [], true);
    assert.equal(host.files()['typed.txt'], 'then now\n');
  });

  it('does nothing when unsaved editors are to stay unsaved', async () => {
    const document = await typeInto('kept.txt', 'then ');
    await host.run('restoreCheckpoint', [await host.checkpoint('good')], false);
    assert.deepEqual([host.files(), document.isDirty], [{ ...broken, 'kept.txt': 'now\n' }, true]);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  /** A new file, open in an editor and changed there. */
  async function typeInto(name: string, text: string): Promise<vscode.TextDocument> {
    host.write({ [name]: 'now\n' });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(host.open.folder.uri, name));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
    return document;
  }
});

describe('Revert File', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'first');
    host.write({ 'a.txt': 'one\ntwo\n', 'b.txt': 'other\n' });
    await host.run('createNamedCheckpoint', [], 'second');
    host.write({ 'a.txt': 'broken\n', 'b.txt': 'broken too\n' });
  });

  it('offers the checkpoints that have another version, with age and lines, and puts one file back', async () => {
    const uri = vscode.Uri.joinPath(host.open.folder.uri, 'a.txt');
    const transcript = await host.run('revertFile', [uri], 'first', true);
    assert.deepEqual(transcript, [
      'Revert "a.txt": Choose the version to go back to',
      '  second | now · +2 −1',
      '  first | now · +1 −1',
      'Revert "a.txt" to "first"? [Revert]',
      'It changes 1 file of the workspace: 1 modified.',
      'The present state is kept as a checkpoint, and Undo Last Restore brings it back.',
    ]);
    assert.deepEqual(host.files(), { 'a.txt': 'one\n', 'b.txt': 'broken too\n' });
  });

  it('takes the active editor when called from the palette', async () => {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(host.open.folder.uri, 'b.txt'));
    await host.run('revertFile', [], 'second', true);
    assert.deepEqual(host.files(), { 'a.txt': 'broken\n', 'b.txt': 'other\n' });
  });

  it('called on a changed file below "Now" brings back the newest version', async () => {
    await host.open.look();
    const [row] = await host.rows('nowChange');
    await host.run('revertFile', [row], true);
    assert.deepEqual(host.files(), { 'a.txt': 'one\ntwo\n', 'b.txt': 'broken too\n' });
  });

  it('says so when no checkpoint has another version', async () => {
    host.write({ 'a.txt': 'one\ntwo\n', 'c.txt': 'never captured\n' });
    const uri = vscode.Uri.joinPath(host.open.folder.uri, 'gone.txt');
    const transcript = await host.run('revertFile', [uri], undefined);
    assert.deepEqual(transcript, ['information: No checkpoint has another version of "gone.txt". []']);
  });
});
