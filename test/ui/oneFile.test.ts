import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { DIST } from '../tools/paths.ts';
import { useWorkbench } from '../workbench/openWorkbench.ts';
import { makeSampleProject } from '../workbench/sampleProject.ts';

describe('For one file', function () {
  this.timeout(60_000);
  let folder: string;
  before('make a project', async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'file-')), 'pocket-budget');
    mkdirSync(folder);
    await makeSampleProject(folder, join(DIST, 'checkpoints.mjs'), process.env);
  });
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true, maxRetries: 3 }));
  const ui = useWorkbench(() => ({ folder, settings: { 'files.autoSave': 'off' } }));

  const explorerRow = async (name: string): Promise<Locator> => {
    const { workbench } = ui();
    const row = workbench.row(await workbench.showContainer('Explorer'), name);
    await row.waitFor();
    return row;
  };
  const activeTab = (): Locator => ui().page.locator('.tabs-container .tab.active');
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

  it('the Explorer offers to revert it, and a folder to be restored', async () => {
    const { workbench } = ui();
    await workbench.waitForContainer('Checkpoints');
    await workbench.statusBarItem('4 changes').waitFor();
    await (await explorerRow('src')).click();
    const ours = (labels: readonly string[]): readonly string[] =>
      labels.filter((label) => /Revert|Restore|File History/.test(label));
    assert.deepEqual(
      [
        ours(await workbench.menuItems(await explorerRow('total.ts'))),
        ours(await workbench.menuItems(await explorerRow('src'))),
      ],
      [['Show File History', 'Revert File…'], ['Restore Folder…']],
    );
  });

  it('File History lists its versions, follows the editor, and opens what a version changed', async () => {
    const { workbench } = ui();
    await workbench.openFile('total.ts');
    await workbench.chooseFromMenu(activeTab(), 'Show File History');
    const view = await workbench.view('File History');
    await workbench.row(view, 'Add up in cents').waitFor();
    assert.equal(
      await workbench.outline(view),
      'Add up in cents 1 hr. ago · modified\nFirst version yesterday · added',
    );
    await workbench.row(view, 'Add up in cents').click();
    await workbench.diffEditor.getByText('in cents').first().waitFor();
    await workbench.openFile('main.ts');
    await workbench.row(view, 'Add a report per month').waitFor();
  });

  it('a version is opened as it was, read-only', async () => {
    const { workbench, page } = ui();
    await workbench.openFile('main.ts');
    const view = await workbench.view('File History');
    await workbench.rowAction(workbench.row(view, 'First version'), 'Open File as It Was');
    await page.locator('.tabs-container .tab.active', { hasText: 'main.ts (First version)' }).waitFor();
    await page.locator('.monaco-editor .view-line').first().click();
    await page.keyboard.type('x');
    await page.getByRole('alert').getByText('Editor is read-only').waitFor();
    await page.keyboard.press('Escape');
  });

  it("VS Code's own Timeline has the same versions and their actions", async () => {
    const { workbench } = ui();
    await workbench.openFile('total.ts');
    await explorerRow('total.ts');
    const timeline = await workbench.view('Timeline');
    await workbench.row(timeline, 'First version').waitFor();
    await timeline.locator('.monaco-list-row').nth(2).waitFor({ state: 'detached' }); // while it is drawn again
    const rows = await workbench.rows(timeline);
    assert.deepEqual(
      rows.map(({ label, description }) => `${label} ${description}`),
      ['Add up in cents modified', 'First version added'],
    );
    await workbench.chooseFromMenu(workbench.row(timeline, 'First version'), 'Revert File…');
    const { message } = await workbench.answerDialog('Cancel');
    assert.equal(message, 'Revert "src/total.ts" to "First version"?');
  });

  it('reverting lists the versions that differ, with age and lines, and puts the chosen one back', async () => {
    const { workbench } = ui();
    await workbench.chooseFromMenu(await explorerRow('total.ts'), 'Revert File…');
    const choices = await workbench.choices();
    assert.deepEqual(choices.map(withoutMinutes), [
      'Before the refactoring … min. ago · +1 −1',
      'Add a report per month 1 hr. ago · +1 −3',
    ]);
    await workbench.pick('Before the refactoring');
    const question = await workbench.answerDialog('Revert');
    assert.equal(question.message, 'Revert "src/total.ts" to "Before the refactoring"?');
    await (await workbench.showContainer('Checkpoints')).getByText('1 file restored').waitFor();
    assert.match(read('src/total.ts'), /sum \+ value, 0/);
    assert.match(read('README.md'), /artificial intelligence/);
  });

  it('its editor tab offers the same, and unsaved edits are saved first', async () => {
    const { workbench, page } = ui();
    await workbench.openFile('README.md');
    await page.locator('.monaco-editor .view-line').first().click();
    await page.keyboard.type('typed ');
    await workbench.chooseFromMenu(activeTab(), 'Revert File…');
    await workbench.pick('Before the refactoring');
    const unsaved = await workbench.answerDialog('Save All');
    assert.deepEqual(
      [unsaved.message, unsaved.detail.split('\n').at(-1)],
      ['Save 1 file with unsaved changes first?', 'README.md'],
    );
    await workbench.answerDialog('Revert');
    await page.locator('.monaco-editor .view-lines').getByText('artificial').waitFor({ state: 'detached' });
    assert.doesNotMatch(read('README.md'), /typed|artificial/);
    await workbench.command('Checkpoints: Undo Last Restore');
    await workbench.answerDialog('Undo');
    await page.locator('.monaco-editor .view-lines').getByText('typed').waitFor();
    assert.match(read('README.md'), /typed/);
  });

  it('restoring its folder touches nothing outside of it', async () => {
    const { workbench } = ui();
    await workbench.chooseFromMenu(await explorerRow('src'), 'Restore Folder…');
    await workbench.pick('Before the refactoring');
    const question = await workbench.answerDialog('Restore');
    assert.equal(question.detail.split('\n')[0], 'It changes 1 file of the workspace: 1 deleted.');
    await (await explorerRow('aiHelper.ts')).waitFor({ state: 'detached' });
    assert.match(read('src/total.ts'), /sum \+ value, 0/);
    assert.match(read('README.md'), /artificial intelligence/);
  });
});

/** The sample is some minutes old, and a little older while it is looked at. */
function withoutMinutes(text: string): string {
  return text.replace(/\d+ min/, '… min');
}
