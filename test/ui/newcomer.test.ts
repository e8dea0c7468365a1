import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { useWorkbench } from '../workbench/openWorkbench.ts';

const GOOD = 'export const total = 1 + 2;\n';
const BROKEN = 'export const total = "broken";\n';

describe('A newcomer', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'newcomer-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/total.ts'), GOOD);
    writeFileSync(join(folder, 'README.md'), '# Budget\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const ui = useWorkbench(() => ({ folder }));
  const checkpoints = (): Promise<Locator> => ui().workbench.showContainer('Checkpoints');
  const total = (): string => readFileSync(join(folder, 'src/total.ts'), 'utf8');

  it('creates the first checkpoint with the button of the empty view', async () => {
    const { workbench } = ui();
    await workbench.waitForContainer('Checkpoints');
    const view = await checkpoints();
    await view.locator('.welcome-view-content .monaco-button', { hasText: 'Create Checkpoint' }).click();
    await workbench.row(view, /^snap-/).waitFor();
    await workbench.row(view, 'no changes').waitFor();
  });

  it('creates one with a name', async () => {
    const { workbench } = ui();
    await workbench.command('Checkpoints: Create with Name…');
    await workbench.answer('Before the agent');
    await workbench.row(await checkpoints(), 'Before the agent').waitFor();
  });

  it('sees by itself what a terminal has broken, in the view and in the status bar', async () => {
    const { workbench } = ui();
    writeFileSync(join(folder, 'src/total.ts'), BROKEN);
    rmSync(join(folder, 'README.md'));
    await workbench.row(await checkpoints(), '1 modified, 1 deleted').waitFor();
    await workbench.statusBarItem('now · 2 changes').waitFor();
  });

  it('opens what changed in a file by a click', async () => {
    const { workbench } = ui();
    const view = await checkpoints();
    await workbench.row(view, '1 modified, 1 deleted').click();
    await workbench.row(view, 'total.ts').click();
    await workbench.diffEditor.getByText('broken').first().waitFor();
    assert.deepEqual(await workbench.tabs(), ['total.ts (Before the agent ↔ workspace)']);
  });

  it('restores after one question with counts and a preview, and sees what was done', async () => {
    const { workbench } = ui();
    const view = await checkpoints();
    await workbench.rowAction(workbench.row(view, 'Before the agent'), 'Restore');
    const question = await workbench.answerDialog('Preview');
    assert.deepEqual(question, {
      message: 'Restore "Before the agent"?',
      detail:
        'It changes 2 files of the workspace: 1 added, 1 modified.\n' +
        'The present state is kept as a checkpoint, and Undo Last Restore brings it back.',
      buttons: ['Preview', 'Cancel', 'Restore'],
    });
    await workbench.multiDiffEditor.getByText('README.md').first().waitFor();
    assert.ok((await workbench.tabs()).includes('workspace ↔ Before the agent (2 files)'));
    assert.equal(total(), BROKEN);
    await workbench.pick('Restore');
    await view.getByText('2 files restored. Undo Last Restore takes it back.').waitFor();
    await workbench.row(view, 'as in "Before the agent"').waitFor();
    await workbench.row(await workbench.showContainer('Explorer'), 'README.md').waitFor();
    assert.equal(total(), GOOD);
  });

  it('takes the restore back by the button of the view', async () => {
    const { workbench } = ui();
    await checkpoints();
    await workbench.viewAction(await workbench.view('Checkpoints'), 'Undo Last Restore');
    await workbench.answerDialog('Undo');
    await (await checkpoints()).getByText('Redo takes it back').waitFor();
    await workbench.row(await workbench.showContainer('Explorer'), 'README.md').waitFor({ state: 'detached' });
    assert.equal(total(), BROKEN);
  });

  it('does it again from the palette', async () => {
    const { workbench } = ui();
    await workbench.command('Checkpoints: Redo');
    await workbench.answerDialog('Redo');
    await (await checkpoints()).getByText('Undo Last Restore takes it back').waitFor();
    await workbench.row(await workbench.showContainer('Explorer'), 'README.md').waitFor();
    assert.equal(total(), GOOD);
  });

  it('finds the walkthrough', async () => {
    const { workbench, page } = ui();
    await workbench.command('Welcome: Open Walkthrough...');
    await workbench.pick('Get Started with Checkpoints');
    const steps = page.locator('.getting-started-step .step-title');
    await steps.first().waitFor();
    assert.deepEqual(await steps.allInnerTexts(), [
      'Create a checkpoint',
      'Compare what changed',
      'Restore without losing work',
      'Take back one file',
      'Use checkpoints from the terminal',
    ]);
  });
});
