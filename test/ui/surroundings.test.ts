import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { OpenWorkbench } from '../workbench/openWorkbench.ts';
import { useWorkbench } from '../workbench/openWorkbench.ts';

/** What the Checkpoints view says while it has no rows. */
async function welcome({ workbench, page }: OpenWorkbench, beginning: string): Promise<readonly string[]> {
  await workbench.waitForContainer('Checkpoints');
  await workbench.showContainer('Checkpoints');
  const view = page.locator('.pane', { has: page.locator('.pane-header[aria-label^="Checkpoints"]') }).first();
  await view.locator('.welcome-view-content', { hasText: beginning }).waitFor();
  return view.locator('.welcome-view-content .monaco-button').allInnerTexts();
}

describe('Without a folder', function () {
  this.timeout(60_000);
  const ui = useWorkbench(() => ({}));

  it('the view says that checkpoints belong to one', async () => {
    assert.deepEqual(await welcome(ui(), 'Checkpoints belong to a folder'), ['Open Folder']);
  });
});

describe('With a folder', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'folders-'));
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.txt'), `${name}\n`);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  describe('that is not trusted', () => {
    const settings = {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    };
    const ui = useWorkbench(() => ({ folder: join(folder, 'one'), settings }));

    it('the view says what trust is needed for, and nothing offers to create a checkpoint', async () => {
      assert.deepEqual(await welcome(ui(), 'This folder is open in Restricted Mode'), ['Manage Workspace Trust']);
      assert.equal(await ui().workbench.statusBarItem('No checkpoint').count(), 0);
    });

    it('everything works as soon as it is trusted', async () => {
      const { workbench, page } = ui();
      await workbench.command('Workspaces: Manage Workspace Trust');
      await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
      assert.deepEqual(await welcome(ui(), 'No checkpoints yet'), ['Create Checkpoint']);
      await workbench.statusBarItem('No checkpoint').waitFor();
    });
  });

  describe('and no git', () => {
    const ui = useWorkbench(() => ({
      folder: join(folder, 'one'),
      settings: { 'snapshotTimeline.git.path': '/no/such/git' },
    }));

    it('the view says that git is needed and leads to its setting', async () => {
      assert.deepEqual(await welcome(ui(), 'Checkpoints are kept by git'), ['Open the Git Path Setting']);
    });
  });

  describe('that is not on a disk', () => {
    const virtualWorkspace = (): string => {
      const file = join(folder, 'virtual.code-workspace');
      writeFileSync(file, JSON.stringify({ folders: [{ uri: 'nodisk:/project' }] }));
      return file;
    };

    describe('as VS Code takes it', () => {
      const ui = useWorkbench(() => ({ folder: virtualWorkspace() }));

      it('the page of the extension says why there are no checkpoints', async () => {
        const { workbench, page } = ui();
        await workbench.row(await workbench.showContainer('Extensions'), 'Snapshot Timeline').click();
        await page.locator('.extension-editor').getByText('Checkpoints need a folder on a disk').first().waitFor();
      });
    });

    describe('where it is told to go on all the same', () => {
      const settings = { 'extensions.supportVirtualWorkspaces': { 'snapshot-timeline.snapshot-timeline': true } };
      const ui = useWorkbench(() => ({ folder: virtualWorkspace(), settings }));

      it('the view says why', async () => {
        assert.deepEqual(await welcome(ui(), 'This folder is not on a disk'), ['Open Folder']);
      });
    });
  });

  describe('and another one', () => {
    const ui = useWorkbench(() => {
      const file = join(folder, 'both.code-workspace');
      writeFileSync(file, JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }));
      return { folder: file };
    });

    it('the view keeps their checkpoints apart and asks which folder is meant', async () => {
      const { workbench } = ui();
      await workbench.waitForContainer('Checkpoints');
      await workbench.command('Checkpoints: Create with Name…');
      await workbench.answer('in the second');
      assert.deepEqual(await workbench.choices(), ['one', 'two']);
      await workbench.pick('two');
      const view = await workbench.showContainer('Checkpoints');
      await workbench.row(view, 'in the second').waitFor();
      const rows = (await workbench.outline(view)).split('\n').map((row) => row.replace(/ (now|no|looking) .*/, ''));
      assert.deepEqual(rows.slice(0, 4), ['one 0 checkpoints', 'two 1 checkpoint', '  Now', '  in the second']);
    });

    it('the view is not deeper for that: folder, checkpoint, file', async () => {
      const { workbench } = ui();
      const view = await workbench.showContainer('Checkpoints');
      await workbench.row(view, 'in the second').click();
      await workbench.row(view, 'a.txt').waitFor();
      const file = (await workbench.rows(view)).find(({ label }) => label === 'a.txt');
      assert.equal(file?.level, 3);
    });
  });
});
