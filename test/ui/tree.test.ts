import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { DIST } from '../tools/paths.ts';
import { useWorkbench } from '../workbench/openWorkbench.ts';
import { makeSampleProject } from '../workbench/sampleProject.ts';

describe('In the Checkpoints view', function () {
  this.timeout(60_000);
  let folder: string;
  before('make a project', async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'tree-')), 'pocket-budget');
    mkdirSync(folder);
    await makeSampleProject(folder, join(DIST, 'checkpoints.mjs'), process.env);
  });
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true, maxRetries: 3 }));
  const ui = useWorkbench(() => ({ folder }));

  const row = async (label: string): Promise<Locator> => {
    const { workbench } = ui();
    const found = workbench.row(await workbench.showContainer('Checkpoints'), label);
    await found.waitFor();
    return found;
  };
  const isGone = async (label: string): Promise<void> => {
    const { workbench } = ui();
    const view = await workbench.showContainer('Checkpoints');
    await workbench.row(view, label).waitFor({ state: 'detached' });
  };
  const choose = async (label: string, action: string): Promise<void> => {
    await ui().workbench.chooseFromMenu(await row(label), action);
  };
  /** Waits for the editor with this title to be the active one. */
  const tab = async (title: string): Promise<void> => {
    await ui().page.locator('.tabs-container .tab.active .label-name', { hasText: title }).waitFor();
  };

  it('checkpoints are grouped by day, newest first, below what changed since', async () => {
    const { workbench } = ui();
    await workbench.waitForContainer('Checkpoints');
    await row('1 added, 2 modified, 1 deleted');
    const outline = await workbench.outline(await workbench.showContainer('Checkpoints'));
    assert.deepEqual(outline.replaceAll(/\d+ min/g, '… min').split('\n'), [
      'Now 1 added, 2 modified, 1 deleted',
      'Today 5 checkpoints',
      '  Before the refactoring … min. ago · 1 change',
      '  Refuse lines without an amount … min. ago · 2 changes',
      '  Add up in cents 1 hr. ago · 1 change',
      '  Add a report per month 1 hr. ago · 2 changes',
      '  Before the agent 1 hr. ago · 1 change',
      'Yesterday 1 checkpoint',
      '  First version yesterday · 6 changes',
    ]);
  });

  it('every kind of row offers what can be done with it', async () => {
    const { workbench } = ui();
    await (await row('Refuse lines')).click();
    const menus: readonly (readonly string[])[] = [
      await workbench.menuItems(await row('Refuse lines')),
      await workbench.menuItems(await row('parseExpenses.ts')),
      await workbench.menuItems(await row('Now')),
    ];
    assert.deepEqual(menus, [
      [
        'Compare with Previous',
        'Compare with Workspace',
        'Select for Compare',
        'Restore…',
        'Restore Folder…',
        'Rename…',
        'Edit Note…',
        'Pin',
        'Copy ID',
        'Delete…',
      ],
      ['Compare with Previous', 'Compare with Workspace', 'Open File as It Was', 'Show File History', 'Revert File…'],
      ['Compare with Previous'],
    ]);
  });

  it('a checkpoint opens all that it changed in one editor', async () => {
    const { workbench } = ui();
    await workbench.rowAction(await row('Refuse lines'), 'Compare with Previous');
    await workbench.multiDiffEditor.getByText('parseExpenses.ts').first().waitFor();
    await tab('Add up in cents ↔ Refuse lines without an amount (2 files)');
  });

  it('a changed file opens as a difference, and as it was', async () => {
    const { workbench } = ui();
    await (await row('parseExpenses.ts')).click();
    await workbench.diffEditor.getByText('isNaN').first().waitFor();
    await tab('parseExpenses.ts (Add up in cents ↔ Refuse lines without an amount)');
    await workbench.rowAction(await row('parseExpenses.ts'), 'Open File as It Was');
    await tab('parseExpenses.ts (Refuse lines without an amount)');
  });

  it('a checkpoint is compared with the workspace, with a selected one, and with another selected row', async () => {
    await choose('Add up in cents', 'Compare with Workspace');
    await tab('Add up in cents ↔ workspace (6 files)');
    await choose('First version', 'Select for Compare');
    await choose('Before the agent', 'Compare with Selected');
    await tab('First version ↔ Before the agent (1 file)');
    await (await row('Add up in cents')).click();
    await (await row('Add a report per month')).click({ modifiers: ['ControlOrMeta'] });
    await choose('Add up in cents', 'Compare…');
    await tab('Add a report per month ↔ Add up in cents (1 file)');
    await (await row('Now')).click(); // one selected row again
  });

  it('a checkpoint is renamed, gets a note, and is pinned', async () => {
    const { workbench } = ui();
    await choose('Before the agent', 'Rename…');
    await workbench.answer('Before any report');
    await choose('Before any report', 'Edit Note…');
    await workbench.answer('What the tests expect.');
    await choose('Before any report', 'Pin');
    const pinned = await row('pinned');
    await workbench.hover(pinned, 'What the tests expect.');
    assert.ok((await workbench.menuItems(pinned)).includes('Unpin'));
  });

  it('a checkpoint is deleted after one question that names it', async () => {
    const { workbench } = ui();
    await choose('Add up in cents', 'Delete…');
    assert.deepEqual(await workbench.answerDialog('Delete'), {
      message: 'Delete "Add up in cents"?',
      detail: 'Recorded there: 1 change.\nThis cannot be undone. The files of the workspace stay as they are.',
      buttons: ['Preview', 'Cancel', 'Delete'],
    });
    await isGone('Add up in cents');
  });

  it('several selected ones are made into one', async () => {
    const { workbench } = ui();
    await (await row('Add a report per month')).click();
    await (await row('Refuse lines')).click({ modifiers: ['ControlOrMeta'] });
    await choose('Refuse lines', 'Compact…');
    assert.equal((await workbench.answerDialog('Compact')).message, 'Make one checkpoint of 2 checkpoints?');
    await workbench.answer('Reports');
    await row('Reports');
    await isGone('Refuse lines');
  });

  it('several selected ones are deleted, with a preview of what they recorded', async () => {
    const { workbench } = ui();
    await (await row('Before the refactoring')).click();
    await (await row('Reports')).click({ modifiers: ['Shift'] });
    await choose('Reports', 'Delete…');
    const question = await workbench.answerDialog('Preview');
    assert.equal(question.message, 'Delete 2 checkpoints?');
    await workbench.multiDiffEditor.getByText('ideas.md').first().waitFor();
    await tab('What 2 checkpoints changed');
    await workbench.pick('Delete');
    await isGone('Reports');
    await row('Before any report');
  });

  it('all are deleted but the pinned ones', async () => {
    const { workbench } = ui();
    await workbench.command('Checkpoints: Delete All…');
    const question = await workbench.answerDialog('Delete');
    assert.ok(question.detail.endsWith('\nPinned and kept: 1 checkpoint.'));
    await isGone('First version');
    await row('Before any report');
  });

  it('what was left out of a checkpoint is said and listed', async () => {
    const { workbench, page } = ui();
    writeFileSync(join(folder, 'film.mov'), '');
    truncateSync(join(folder, 'film.mov'), 11 * 1024 * 1024);
    await workbench.command('Checkpoints: Create with Name…');
    await workbench.answer('With a film');
    await page.getByText('"With a film" left out 1 file: Show Skipped Files lists them.').waitFor();
    await choose('With a film', 'Show Skipped Files');
    assert.deepEqual(await workbench.choices(), [
      'film.mov larger than the limit for files that git does not track · 11 MB',
    ]);
    await page.keyboard.press('Escape');
  });

  it('the doctor tells how the store is', async () => {
    const { workbench, page } = ui();
    await workbench.command('Checkpoints: Run Doctor');
    assert.match((await workbench.choices()).join('\n'), /git 2\.\d+/);
    await page.keyboard.press('Escape');
  });

  it('the keyboard alone does it all, and the focus comes back to the rows', async function () {
    // A key that is pressed while the workbench moves the focus is lost.
    this.retries(2);
    const { workbench, page } = ui();
    await workbench.command('Checkpoints: Focus on Checkpoints View');
    await workbench.command('Checkpoints: Create with Name…');
    await workbench.answer('By keyboard');
    await row('By keyboard');
    assert.equal(await workbench.focusedView(), 'Checkpoints');
    await workbench.command('Checkpoints: Rename…');
    await workbench.choices();
    await page.keyboard.press('Enter');
    await workbench.answer('By keys');
    await row('By keys');
    assert.equal(await workbench.focusedView(), 'Checkpoints');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.locator('.monaco-menu .action-menu-item').first().waitFor();
    await page.keyboard.press('Escape');
    await workbench.command('Checkpoints: Delete…');
    await workbench.choices();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await workbench.dialog.waitFor();
    await page.keyboard.press('Enter');
    await isGone('By keys');
    assert.equal(await workbench.focusedView(), 'Checkpoints');
  });
});
