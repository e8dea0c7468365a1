import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { DIST } from '../tools/paths.ts';
import { useWorkbench } from '../workbench/openWorkbench.ts';
import { makeSampleProject } from '../workbench/sampleProject.ts';

/** Everything that could move or distract is off; diffs are short enough to be read. */
const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.fontSize': 12,
  'editor.lightbulb.enabled': 'off',
  'editor.renderLineHighlight': 'none',
  'diffEditor.renderSideBySide': true,
  'diffEditor.wordWrap': 'on',
  'diffEditor.useInlineViewWhenSpaceIsLimited': false,
  'typescript.validate.enable': false,
  'js/ts.validate.enabled': false,
  'workbench.colorTheme': 'Default Light Modern',
  'window.title': '${rootName}',
};

const THEMES = ['Light Modern', 'Dark Modern', 'Light High Contrast', 'Dark High Contrast'] as const;

describe('The pictures', function () {
  this.timeout(60_000);
  let folder: string;
  before('make a project', async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'pictures-')), 'pocket-budget');
    mkdirSync(folder);
    await makeSampleProject(folder, join(DIST, 'checkpoints.mjs'), process.env);
  });
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true, maxRetries: 3 }));
  const ui = useWorkbench(() => ({
    folder,
    settings: SETTINGS,
    screen: { width: 1180, height: 720, deviceScaleFactor: 2 },
  }));

  const row = async (label: string): Promise<Locator> => {
    const { workbench } = ui();
    const found = workbench.row(await workbench.showContainer('Checkpoints'), label);
    await found.waitFor();
    return found;
  };
  /** The pointer is away from everything that shows more under it, and nothing is under way. */
  const rest = async (): Promise<void> => {
    const { page } = ui();
    await page.mouse.move(900, 650);
    const moving = ['.monaco-hover:visible', '.part.sidebar .monaco-progress-container.active', '.codicon-loading'];
    for (const selector of moving) {
      await page.locator(selector).first().waitFor({ state: 'detached' });
    }
  };
  /** Room for the names of checkpoints. */
  const widenSideBar = async (): Promise<void> => {
    const { page } = ui();
    const edge = (await page.locator('.part.sidebar').boundingBox()) ?? { x: 0, width: 0 };
    await page.mouse.move(edge.x + edge.width + 1, 500);
    await page.mouse.down();
    await page.mouse.move(440, 500, { steps: 5 });
    await page.mouse.up();
  };

  it('show the view with what the agent has changed', async () => {
    const { workbench } = ui();
    await workbench.waitForContainer('Checkpoints');
    await widenSideBar();
    await (await row('1 added, 2 modified, 1 deleted')).click();
    await (await row('Refuse lines')).locator('.monaco-tl-twistie').click();
    await workbench.rowAction(await row('Refuse lines'), 'Compare with Previous');
    await workbench.multiDiffEditor.getByText('isNaN').first().waitFor();
    await rest();
    await ui().shot('checkpoints', 'documented');
  });

  it('show what changed in a file', async () => {
    const { workbench } = ui();
    await (await row('total.ts')).click();
    await workbench.diffEditor.getByText('value').first().waitFor();
    await rest();
    await ui().shot('compare', 'documented');
  });

  it('show the history of a file', async () => {
    const { workbench } = ui();
    await workbench.command('View: Close All Editors');
    const history = await workbench.view('File History');
    await workbench.row(history, 'Add up in cents').click();
    await workbench.diffEditor.getByText('in cents').first().waitFor();
    await rest();
    await ui().shot('fileHistory', 'documented');
  });

  it('show the choice of a version to revert to', async () => {
    const { workbench, page } = ui();
    await workbench.command('View: Close All Editors');
    const explorer = await workbench.showContainer('Explorer');
    await workbench.row(explorer, 'src').click();
    await workbench.row(explorer, 'total.ts').click();
    await rest();
    await workbench.chooseFromMenu(workbench.row(explorer, 'total.ts'), 'Revert File…');
    await workbench.choices();
    await rest();
    await ui().shot('revert', 'documented');
    await page.keyboard.press('Escape');
  });

  it('show the one question before a restore', async () => {
    const { workbench, page } = ui();
    await row('Before the refactoring');
    await rest();
    await workbench.rowAction(await row('Before the refactoring'), 'Restore');
    await workbench.dialog.waitFor();
    await page.mouse.move(900, 650);
    await ui().shot('restore', 'documented');
    await workbench.answerDialog('Cancel');
  });

  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const { workbench } = ui();
      await workbench.command('Preferences: Color Theme');
      await workbench.answer(theme);
      await workbench.hover(await row('Refuse lines'), 'Created by an agent');
      await ui().shot(theme.replaceAll(' ', '-'), 'looked at');
      await rest();
    });
  }
});
