import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

describe('The Checkpoints view', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
  });

  it('has no rows while there is no checkpoint, so that its welcome shows', async () => {
    host.write({ 'a.txt': 'one\n' });
    assert.deepEqual(await host.tree(), []);
    assert.deepEqual(
      [
        host.surface.keys.current['snapshotTimeline.ready'],
        host.surface.keys.current['snapshotTimeline.hasCheckpoints'],
      ],
      [true, false],
    );
  });

  it('lists the checkpoints of the day with what they changed, below what changed since', async () => {
    host.write({ 'a.txt': 'one\n', 'src/b.txt': 'two\n' });
    await host.run('createNamedCheckpoint', [], 'before the agent');
    host.write({ 'a.txt': 'changed\n', 'c.txt': 'new\n' });
    await host.run('createNamedCheckpoint', [], 'after the agent');
    host.write({ 'd.txt': 'now\n' });

    assert.deepEqual(await host.tree(), [
      'Now | 1 added',
      '  d.txt | added',
      'Today | 2 checkpoints',
      '  after the agent | now · 2 changes',
      '    a.txt | modified',
      '    c.txt | added',
      '  before the agent | now · 2 changes',
      '    a.txt | added',
      '    b.txt | src · added',
    ]);
  });

  it('gives every row an id, a kind, a tooltip, an icon of the theme and a spoken label', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createCheckpoint', []);
    host.write({ 'a.txt': 'two\n' });
    await host.open.look();

    const kinds = ['now', 'day', 'checkpoint', 'change', 'nowChange'] as const;
    const rows = (await Promise.all(kinds.map((kind) => host.rows(kind)))).flat();
    const items = rows.map((row) => host.surface.view.tree.getTreeItem(row));
    assert.equal(rows.length, kinds.length);
    assert.equal(new Set(items.map(({ id }) => id)).size, rows.length);
    assert.deepEqual(
      items.map(({ contextValue }) => contextValue),
      [
        'now',
        'day',
        'checkpoint restore annotate delete compact complete',
        'change restore annotate delete compact',
        'nowChange restore annotate delete compact',
      ],
    );
    const bare = items.filter(
      ({ tooltip, iconPath, accessibilityInformation }) =>
        !tooltip || !(iconPath instanceof vscode.ThemeIcon) || !accessibilityInformation?.label,
    );
    assert.deepEqual(bare, []);
  });

  it('hands out the same rows again, and announces only the row that changed', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'first');
    const before = await host.checkpoint('first');
    const announced: unknown[] = [];
    const listening = host.surface.view.tree.onDidChangeTreeData((rows) => announced.push(rows));
    await host.run('pinCheckpoint', [before]);
    listening.dispose();

    assert.equal(await host.checkpoint('first'), before);
    assert.deepEqual(
      announced.flat().map((row) => (row as { kind?: string } | undefined)?.kind),
      announced.flat().map((row) => (row === before ? 'checkpoint' : 'now')),
    );
    assert.ok(announced.flat().includes(before));
    assert.equal(host.surface.view.tree.getTreeItem(before).description, 'now · 1 change · pinned');
  });

  it('shows in the status bar how old the newest checkpoint is and what changed since', async () => {
    assert.equal(host.surface.statusBar.text, '$(history) No checkpoint');
    host.write({ 'a.txt': 'one\n' });
    await host.run('createCheckpoint', []);
    host.write({ 'a.txt': 'two\n', 'b.txt': 'new\n' });
    await host.open.look();
    assert.equal(host.surface.statusBar.text, '$(history) now · 2 changes');
  });

  it('notices changes that are made outside the editor', async () => {
    host.write({ 'a.txt': 'one\n' });
    await host.run('createCheckpoint', []);
    await host.open.look();
    const seen = new Promise<void>((resolve) => {
      const listening = host.surface.folders.onDidChange(() => {
        if (host.open.changesNow?.length === 1) {
          listening.dispose();
          resolve();
        }
      });
    });
    host.write({ 'b.txt': 'from a terminal\n' });
    await seen;
    assert.deepEqual(
      host.open.changesNow?.map(({ path }) => path),
      ['b.txt'],
    );
  });
});

describe('The commands about checkpoints', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
    host.write({ 'a.txt': 'one\n' });
    await host.run('createNamedCheckpoint', [], 'first');
    host.write({ 'a.txt': 'two\n' });
    await host.run('createNamedCheckpoint', [], 'second');
  });

  const labels = (): readonly string[] => host.open.checkpoints.map(({ label }) => label);

  it('rename, and ask which one when called from the palette', async () => {
    const transcript = await host.run('renameCheckpoint', [], 'first', 'before everything');
    assert.deepEqual(transcript, [
      'Rename: Choose a checkpoint',
      '  second | now · 1 change',
      '  first | now · 1 change',
      'What do you call "first"?',
    ]);
    assert.deepEqual(labels(), ['second', 'before everything']);
  });

  it('keep a note and show it', async () => {
    await host.run('editNote', [await host.checkpoint('first')], 'what the agent was asked');
    const { tooltip } = host.surface.view.tree.getTreeItem(await host.checkpoint('first'));
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.match(tooltip.value, /what the agent was asked|what&nbsp;the&nbsp;agent/);
    assert.ok(!tooltip.isTrusted);
  });

  it('delete after one question that names the checkpoint', async () => {
    const transcript = await host.run('deleteCheckpoints', [await host.checkpoint('first')], true);
    assert.deepEqual(transcript, [
      'Delete "first"? [Delete]',
      'Recorded there: 1 change.',
      'This cannot be undone. The files of the workspace stay as they are.',
    ]);
    assert.deepEqual([labels(), host.files()], [['second'], { 'a.txt': 'two\n' }]);
  });

  it('delete nothing and say nothing when the question is declined', async () => {
    await host.run('deleteCheckpoints', [await host.checkpoint('first')], false);
    assert.deepEqual(labels(), ['second', 'first']);
  });

  it('delete all selected ones', async () => {
    const rows = [await host.checkpoint('first'), await host.checkpoint('second')];
    const transcript = await host.run('deleteCheckpoints', [rows[0], rows], true);
    assert.equal(transcript[0], 'Delete 2 checkpoints? [Delete]');
    assert.deepEqual(labels(), []);
  });

  it('show before what several have recorded', async () => {
    const rows = [await host.checkpoint('first'), await host.checkpoint('second')];
    const transcript = await host.run('deleteCheckpoints', [rows[0], rows], 'preview', false);
    assert.deepEqual(transcript, [
      'Delete 2 checkpoints? [Delete]',
      'Recorded there: 2 changes.',
      'This cannot be undone. The files of the workspace stay as they are.',
      '',
      'first',
      'second',
    ]);
    const { label } = vscode.window.tabGroups.activeTabGroup.activeTab ?? assert.fail('Nothing was opened.');
    assert.equal(label, 'What 2 checkpoints changed (2 files)');
    assert.deepEqual(labels(), ['second', 'first']);
  });

  it('show before what one holds that the workspace no longer has', async () => {
    await host.run('deleteCheckpoints', [await host.checkpoint('first')], 'preview', false);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, 'first ↔ workspace (1 file)');
  });

  it('delete only checkpoints, whatever else is selected', async () => {
    const first = await host.checkpoint('first');
    const changed = await host.rows('change');
    const selected = [first, ...changed];
    assert.equal(changed.length, 2, 'One changed file in each checkpoint.');
    const transcript = await host.run('deleteCheckpoints', [first, selected], true);
    assert.equal(transcript[0], 'Delete "first"? [Delete]');
    assert.deepEqual(labels(), ['second']);
  });

  it('delete the checkpoints of a range of rows, whichever of them was clicked', async () => {
    const selected = [await host.checkpoint('first'), ...(await host.rows('change'))];
    const transcript = await host.run('deleteCheckpoints', [selected.at(-1), selected], true);
    assert.equal(transcript[0], 'Delete "first"? [Delete]');
    assert.deepEqual(labels(), ['second']);
  });

  it('ask which checkpoints are meant when only other rows are selected', async () => {
    const selected = await host.rows('change');
    const transcript = await host.run('deleteCheckpoints', [selected[0], selected], undefined);
    assert.equal(transcript[0], 'Delete: ');
    assert.deepEqual(labels(), ['second', 'first']);
  });

  it('keep pinned ones when all are deleted, and say so before', async () => {
    await host.run('pinCheckpoint', [await host.checkpoint('first')]);
    const transcript = await host.run('deleteAllCheckpoints', [], true);
    assert.ok(transcript.includes('Pinned and kept: 1 checkpoint.'));
    assert.deepEqual(labels(), ['first']);
    await host.run('unpinCheckpoint', [await host.checkpoint('first')]);
  });

  it('make one of several', async () => {
    const rows = [await host.checkpoint('first'), await host.checkpoint('second')];
    await host.run('compactCheckpoints', [rows[0], rows], true, 'both');
    assert.deepEqual(labels(), ['both']);
    assert.equal(host.surface.view.message, '"both" holds what 2 checkpoints held.');
  });

  it('copy the id', async () => {
    await host.run('copyId', [await host.checkpoint('first')]);
    assert.equal(await vscode.env.clipboard.readText(), host.open.checkpoints[1]?.id);
  });

  it('list what was left out, and why', async () => {
    await vscode.workspace.getConfiguration().update('snapshotTimeline.capture.maxUntrackedFileSize', 1);
    try {
      host.write({ 'large.bin': Buffer.alloc(2 * 1024 * 1024) });
      await host.run('createNamedCheckpoint', [], 'partial');
      assert.match(host.surface.view.message ?? '', /^"partial" left out 1 file/);
      const transcript = await host.run('showSkippedFiles', [await host.checkpoint('partial')], undefined);
      assert.deepEqual(transcript, [
        'Show Skipped Files: "partial" left out 1 file',
        '  large.bin | larger than the limit for files that git does not track · 2 MB',
      ]);
    } finally {
      await vscode.workspace.getConfiguration().update('snapshotTimeline.capture.maxUntrackedFileSize', undefined);
    }
  });

  it('leave out what the settings exclude, without a reload', async () => {
    await vscode.workspace.getConfiguration().update('snapshotTimeline.capture.excludes', ['*.tmp']);
    try {
      host.write({ 'b.tmp': 'x', 'b.txt': 'y' });
      await host.run('createNamedCheckpoint', [], 'excluding');
      const changes = await host.open.changesIn(host.open.checkpoints[0] ?? assert.fail());
      assert.deepEqual(
        changes.map(({ path }) => path),
        ['.vscode/settings.json', 'b.txt'],
      );
    } finally {
      await vscode.workspace.getConfiguration().update('snapshotTimeline.capture.excludes', undefined);
    }
  });

  it('examine the store and show what was found', async () => {
    const transcript = await host.run('runDoctor', [], undefined);
    assert.match(transcript.join('\n'), /^Run Doctor: What Doctor found in ".*"\n {2}.*git/);
  });

  it('tell in one message what failed, why and what to do', async () => {
    const row = await host.checkpoint('first');
    await host.run('deleteCheckpoints', [row], true);
    const transcript = await host.run('renameCheckpoint', [row], 'gone', undefined);
    assert.match(transcript.at(-1) ?? '', /^error: "Rename" failed\. .* \[Show Log\]$/);
  });
});
