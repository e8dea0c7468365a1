import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { VersionRow } from '../../src/vscode/views/rows.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

const BYTES = Buffer.from([0, 255, 13, 10, 128, 200, 0]);

function activeTab(): string {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  const kind = tab?.input instanceof vscode.TabInputTextDiff ? 'diff' : 'other';
  return `${kind}: ${tab?.label}`;
}

describe('Comparing', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
    host.write({ 'a.txt': 'one\n', 'picture.bin': BYTES });
    await host.run('createNamedCheckpoint', [], 'first');
    host.write({ 'a.txt': 'two\n', 'picture.bin': Buffer.from([1]) });
    await host.run('createNamedCheckpoint', [], 'second');
    host.write({ 'a.txt': 'three\n' });
  });

  it('opens the diff of a changed file with the version before', async () => {
    const rows = await host.rows('change');
    const row = rows.find(
      (candidate) =>
        candidate.kind === 'change' && candidate.checkpoint.label === 'second' && candidate.change.path === 'a.txt',
    );
    await host.run('compareWithPrevious', [row]);
    assert.equal(activeTab(), 'diff: a.txt (first ↔ second)');
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input as vscode.TabInputTextDiff;
    const texts = await Promise.all(
      [input.original, input.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
    );
    assert.deepEqual(texts, ['one\n', 'two\n']);
  });

  it('opens all changes of a checkpoint in one editor', async () => {
    await host.run('compareWithPrevious', [await host.checkpoint('second')]);
    assert.equal(activeTab(), 'other: first ↔ second (2 files)');
  });

  it('opens the first checkpoint against nothing', async () => {
    await host.run('compareWithPrevious', [await host.checkpoint('first')]);
    assert.equal(activeTab(), 'other: nothing ↔ first (2 files)');
  });

  it('opens a checkpoint against the workspace', async () => {
    await host.run('compareWithWorkspace', [await host.checkpoint('first')]);
    assert.equal(activeTab(), 'other: first ↔ workspace (2 files)');
  });

  it('puts the older of two selected checkpoints on the left', async () => {
    const rows = [await host.checkpoint('second'), await host.checkpoint('first')];
    await host.run('compareCheckpoints', [rows[0], rows]);
    assert.equal(activeTab(), 'other: first ↔ second (2 files)');
  });

  it('compares one that was selected with another', async () => {
    await host.run('selectForCompare', [await host.checkpoint('second')]);
    assert.equal(host.surface.keys.current['snapshotTimeline.hasCompareSelection'], true);
    await host.run('compareWithSelected', [await host.checkpoint('first')]);
    assert.equal(activeTab(), 'other: first ↔ second (2 files)');
  });

  it('asks for both from the palette', async () => {
    const transcript = await host.run('compareCheckpoints', [], 'first', 'Now');
    assert.deepEqual(
      transcript.filter((line) => !line.startsWith(' ')),
      ['Compare (1 of 2): Choose a checkpoint', 'Compare (2 of 2): Choose what to compare "first" with'],
    );
    assert.equal(activeTab(), 'other: first ↔ workspace (2 files)');
  });

  it('opens a file as it was, byte for byte and read-only', async () => {
    const rows = await host.rows('change');
    const row = rows.find(
      (candidate) =>
        candidate.kind === 'change' && candidate.checkpoint.label === 'first' && candidate.change.path === 'a.txt',
    );
    await host.run('openFileAtCheckpoint', [row]);
    const uri = vscode.window.activeTextEditor?.document.uri ?? assert.fail('No editor was opened.');
    assert.deepEqual(
      [uri.scheme, uri.path, vscode.workspace.fs.isWritableFileSystem(uri.scheme)],
      ['checkpoint', `${host.open.folder.uri.path}/a.txt`, false],
    );
    const binary = uri.with({ query: uri.query.replace('a.txt', 'picture.bin') });
    assert.deepEqual(Buffer.from(await vscode.workspace.fs.readFile(binary)), BYTES);
    assert.equal((await vscode.workspace.fs.stat(binary)).size, BYTES.length);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, BYTES), /NoPermissions|read-only|readonly/i);
  });
});

describe('The File History view', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
    host.write({ 'a.txt': 'one\n', 'b.txt': 'other\n' });
    await host.run('createNamedCheckpoint', [], 'first');
    host.write({ 'b.txt': 'other again\n' });
    await host.run('createNamedCheckpoint', [], 'second');
    host.write({ 'a.txt': 'two\n' });
    await host.run('createNamedCheckpoint', [], 'third');
  });

  const versions = async (): Promise<readonly string[]> => {
    const { fileHistory } = host.surface;
    const rows = await fileHistory.getChildren();
    const lines = rows.map((row) => fileHistory.getTreeItem(row));
    return lines.map(({ label, description }) => `${label as string} | ${description as string}`);
  };

  it('follows the active editor and remembers the last one', async () => {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(host.open.folder.uri, 'a.txt'));
    assert.deepEqual(await versions(), ['third | now · modified', 'first | now · added']);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(host.open.folder.uri, 'b.txt'));
    assert.deepEqual(await versions(), ['second | now · modified', 'first | now · added']);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(await versions(), ['second | now · modified', 'first | now · added']);
  });

  it('shows the file that is chosen in the Explorer', async () => {
    await host.run('showFileHistory', [vscode.Uri.joinPath(host.open.folder.uri, 'a.txt')]);
    assert.deepEqual(await versions(), ['third | now · modified', 'first | now · added']);
  });

  it('opens a version next to the one before, and reverts to it', async () => {
    await host.run('showFileHistory', [vscode.Uri.joinPath(host.open.folder.uri, 'a.txt')]);
    const [newest, oldest] = await host.surface.fileHistory.getChildren();
    await host.run('compareWithPrevious', [newest]);
    assert.equal(activeTab(), 'diff: a.txt (first ↔ third)');
    await host.run('revertFile', [oldest satisfies VersionRow | undefined], true);
    assert.equal(host.files()['a.txt'], 'one\n');
  });
});
