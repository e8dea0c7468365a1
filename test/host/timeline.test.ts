import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { provideTimeline, type VersionTimelineItem } from '../../src/vscode/timeline.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

describe("VS Code's Timeline", () => {
  let host: SurfaceUnderTest;
  let uri: vscode.Uri;

  before(async () => {
    host = await startAfresh();
    for (const label of ['first', 'second', 'third']) {
      host.write({ 'a.txt': `${label}\n` });
      await host.run('createNamedCheckpoint', [], label);
    }
    uri = vscode.Uri.joinPath(host.open.folder.uri, 'a.txt');
  });

  const labels = ({ items }: vscode.Timeline): readonly string[] => items.map(({ label }) => label);

  it('gets the versions of a file page by page', async () => {
    const first = await provideTimeline(host.surface.folders, uri, { limit: 2 });
    const cursor = first.paging?.cursor ?? assert.fail('There is no second page.');
    const second = await provideTimeline(host.surface.folders, uri, { limit: 2, cursor });
    assert.deepEqual(
      [labels(first), labels(second), second.paging?.cursor],
      [['third', 'second'], ['first'], undefined],
    );
  });

  it('gets all versions up to the one that it shows last', async () => {
    const timestamp = Date.parse(host.open.checkpoints[1]?.createdAt ?? '');
    const page = await provideTimeline(host.surface.folders, uri, { limit: { timestamp } });
    assert.deepEqual(labels(page), ['third', 'second']);
  });

  it('gets the same versions when the workbench is elsewhere', async () => {
    const remote = uri.with({ scheme: 'vscode-remote', authority: 'somewhere' });
    assert.deepEqual(labels(await provideTimeline(host.surface.folders, remote, {})), ['third', 'second', 'first']);
  });

  it('gets nothing for a file that no checkpoint has', async () => {
    const other = vscode.Uri.joinPath(host.open.folder.uri, 'other.txt');
    assert.deepEqual(labels(await provideTimeline(host.surface.folders, other, {})), []);
  });

  it('hands its rows back to the commands', async () => {
    const { items } = await provideTimeline(host.surface.folders, uri, {});
    const oldest = items[2] as VersionTimelineItem;
    assert.deepEqual([oldest.contextValue, oldest.id?.endsWith('|version')], ['snapshotTimeline version', true]);
    await host.run('revertFile', [oldest, uri, 'snapshotTimeline'], true);
    assert.deepEqual(host.files(), { 'a.txt': 'first\n' });
  });
});
