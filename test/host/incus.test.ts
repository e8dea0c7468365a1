import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { WorkspaceFolders } from '../../src/vscode/workspaceFolders.ts';
import { makeContainer } from '../support/incus/incusWorkspace.ts';
import { useIncus } from '../support/incus/useIncus.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

const NAME = 'clincus-one';

describe('The container of a folder', function container() {
  this.timeout(30_000);
  const daemon = useIncus();
  let host: SurfaceUnderTest;

  let folders: WorkspaceFolders;
  let root: string;

  /** Resolves when stores or checkpoints have changed. */
  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      const listener = folders.onDidChange(({ what }) => {
        if (what === 'checkpoints') {
          listener.dispose();
          resolve();
        }
      });
    });

  /** Sets the socket, and waits until the folder was opened anew and its stores were found. */
  async function connect(socket: string | undefined, stores: number): Promise<void> {
    const settings = vscode.workspace.getConfiguration('snapshotTimeline');
    await settings.update('incus.socket', socket, vscode.ConfigurationTarget.Global);
    while (folders.all[0]?.session.stores.length !== stores) {
      await nextChange();
    }
  }

  /** The rows of the view as soon as they are as wanted, without ages. */
  async function rowsWith(text: string): Promise<readonly string[]> {
    for (;;) {
      const changed = nextChange();
      const rows = await host.tree();
      if (rows.some((row) => row.includes(text))) {
        return rows.map((row) => row.replace(/\| (?:now|\d+ sec\. ago).*/, '|'));
      }
      await changed;
    }
  }

  before(async () => {
    ({ folders } = (await startAfresh()).surface);
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    await makeContainer(daemon(), NAME, { workspace: root });
    await connect(daemon().socket, 2);
  });

  after(() => connect(undefined, 1));

  beforeEach(async () => {
    host = await startAfresh();
  });

  it('is a row with its state, and shows what others do with it', async () => {
    assert.deepEqual(await rowsWith(NAME), ['Workspace files | 0 checkpoints', `${NAME} | running · 0 checkpoints`]);
    await daemon().incus('snapshot', 'create', NAME, 'theirs');
    assert.deepEqual(await rowsWith('theirs'), [
      'Workspace files | 0 checkpoints',
      `${NAME} | running · 1 checkpoint`,
      '  theirs |',
    ]);
    await daemon().incus('pause', NAME);
    await rowsWith('paused · 1 checkpoint');
    await daemon().incus('resume', NAME);
    await rowsWith('running · 1 checkpoint');
  });

  it('is restored after a question that says what it means, and only then', async () => {
    await rowsWith('theirs');
    const [store] = (await host.rows('store')).slice(1);
    await daemon().exec(NAME, 'echo old > /etc/state');
    await host.run('createCheckpoint', [store]);
    await rowsWith('snap-');
    const [checkpoint] = await host.rows('checkpoint');
    await daemon().exec(NAME, 'echo new > /etc/state');
    const asked = await host.run('restoreCheckpoint', [checkpoint], false);
    assert.deepEqual(
      asked.map((line) => line.replace(/snap-[\d-]+/, 'SNAP')),
      [
        `Restore the container "${NAME}" to "SNAP"? [Stop, Restore, Start]`,
        `Files in ${root} are not part of this and stay as they are.`,
        `The container "${NAME}" is running. It must be stopped first (clincus container stop ${NAME}).`,
        'The present state of the container is kept as a checkpoint.',
      ],
    );
    assert.equal(await daemon().exec(NAME, 'cat /etc/state'), 'new\n');
    await host.run('restoreCheckpoint', [checkpoint], true);
    assert.equal(await daemon().exec(NAME, 'cat /etc/state'), 'old\n');
    await rowsWith('Before restoring');
  });

  it('is asked about its own checkpoints where several stores have some, and not where files are needed', async () => {
    host.write({ 'a.txt': 'one' });
    await host.run('createNamedCheckpoint', [], 'files');
    const all = (await host.run('renameCheckpoint', [], undefined)).slice(1);
    const withFiles = (await host.run('compareWithWorkspace', [], undefined)).slice(1);
    const storesOf = (lines: readonly string[]): string[] => [
      ...new Set(lines.map((line) => line.replace(/^.* · /, ''))),
    ];
    assert.deepEqual([storesOf(all), storesOf(withFiles)], [['Workspace files', NAME], ['Workspace files']]);
  });
});
