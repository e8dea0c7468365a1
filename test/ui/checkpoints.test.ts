import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { useWorkbench } from '../workbench/openWorkbench.ts';

describe('A newcomer', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'newcomer-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/total.ts'), 'export const total = 1 + 2;\n');
    writeFileSync(join(folder, 'README.md'), '# Budget\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const ui = useWorkbench(() => ({ folder }));

  it('creates a checkpoint with a name and sees it in the tree', async () => {
    const { workbench } = ui();
    await workbench.waitForContainer('Checkpoints');
    await workbench.command('Checkpoints: Create with Name…');
    await workbench.answer('Before the agent');
    const view = await workbench.showContainer('Checkpoints');
    await workbench.row(view, 'Before the agent').waitFor();
  });

  it('restores what a terminal has broken, after one question that names the counts', async () => {
    const { workbench } = ui();
    writeFileSync(join(folder, 'src/total.ts'), 'export const total = "broken";\n');
    rmSync(join(folder, 'README.md'));
    await workbench.command('Checkpoints: Restore…');
    await workbench.pick('Before the agent');
    await workbench.dialog.waitFor();
    await ui().shot('restore');
    const question = await workbench.answerDialog('Restore');
    assert.match(question.message, /Before the agent/);
    assert.deepEqual(question.buttons.toSorted(), ['Cancel', 'Preview', 'Restore']);
    await (await workbench.showContainer('Checkpoints')).getByText('Undo Last Restore takes it back').waitFor();
    await workbench.row(await workbench.showContainer('Explorer'), 'README.md').waitFor();
    assert.equal(readFileSync(join(folder, 'src/total.ts'), 'utf8'), 'export const total = 1 + 2;\n');
  });

  it('takes the restore back', async () => {
    const { workbench } = ui();
    await workbench.command('Checkpoints: Undo Last Restore');
    await workbench.answerDialog('Undo');
    await (await workbench.showContainer('Checkpoints')).getByText('Redo takes it back').waitFor();
    const explorer = await workbench.showContainer('Explorer');
    await workbench.row(explorer, 'README.md').waitFor({ state: 'detached' });
    assert.equal(readFileSync(join(folder, 'src/total.ts'), 'utf8'), 'export const total = "broken";\n');
  });
});
