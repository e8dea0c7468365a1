import type { Locator, Page } from 'playwright-core';

/** One row of a tree or list, as a person sees it. */
export interface Row {
  readonly label: string;
  readonly description: string;
  /** Depth in a tree, from 1. */
  readonly level: number;
  readonly expanded: boolean | undefined;
  /** What a screen reader says. */
  readonly spoken: string;
}

export interface DialogText {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** The few parts of an element that are read within the page. */
interface PageElement {
  readonly innerText: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
}

/** Drives the workbench of VS Code the way a person does. Selectors are those of 1.139. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address, { waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** Resolves when the view container, and so the extension that contributes it, is there and extensions have settled. */
  async waitForContainer(title: string): Promise<void> {
    await this.#containerIcon(title).waitFor({ timeout: 60_000 });
    const activating = this.page.locator('.statusbar-item', { hasText: 'Activating Extensions' });
    await activating.waitFor({ state: 'detached', timeout: 60_000 });
  }

  // ---- palette and inputs

  /** Runs a command by its whole label, `Checkpoints: Create`, as soon as it is enabled. */
  async command(label: string): Promise<void> {
    // "Create" comes before "Create with Name…", whatever was used last
    const name = this.page.locator('.label-name', { hasText: exactly(label) });
    const row = this.#quick.locator('.monaco-list-row').filter({ has: name }).first();
    await repeat(10, async () => {
      if (await this.#quickInput.isVisible()) {
        await this.page.keyboard.press('Escape'); // an open palette does not notice what becomes enabled
      }
      await this.#openQuickInput('F1');
      await this.#quickInput.fill(`>${label}`);
      await row.click({ timeout: 3000 });
    });
  }

  /** Types into the input that a command has opened. */
  async answer(text: string): Promise<void> {
    await this.#quickInput.fill(text);
    await this.#quickInput.press('Enter');
  }

  /** Chooses a row of the list that a command has opened, by the beginning of its label. */
  async pick(label: string): Promise<void> {
    const name = this.page.locator('.label-name', { hasText: startingWith(label) });
    await this.#quick.locator('.monaco-list-row').filter({ has: name }).first().click();
  }

  /** The rows of the list that a command has opened, each with its description. */
  async choices(): Promise<readonly string[]> {
    const choices = this.#quick.locator('.monaco-list-row');
    await choices.first().waitFor();
    return choices.evaluateAll((elements) =>
      (elements as unknown as PageElement[]).map((element) => {
        const description = element.querySelector('.label-description')?.innerText ?? '';
        return `${element.querySelector('.label-name')?.innerText ?? ''} ${description}`.trimEnd();
      }),
    );
  }

  async openFile(name: string): Promise<void> {
    await this.#openQuickInput('Control+P');
    await this.#quickInput.fill(name);
    await this.#quick.locator('.monaco-list-row', { hasText: name }).first().click();
    await this.page.locator(`.tabs-container .tab.active[data-resource-name=${quoted(name)}]`).waitFor();
  }

  get #quick(): Locator {
    return this.page.locator('.quick-input-widget:not([style*="display: none"])');
  }

  get #quickInput(): Locator {
    return this.#quick.locator('input.input');
  }

  /** The key is lost as long as the workbench moves the focus about, so it is pressed again. */
  async #openQuickInput(key: string): Promise<void> {
    await repeat(8, async () => {
      await this.page.keyboard.press(key);
      await this.#quickInput.waitFor({ timeout: 2000 });
    });
  }

  // ---- view containers, views, rows

  async showContainer(title: string): Promise<Locator> {
    const icon = this.#containerIcon(title);
    await icon.waitFor({ timeout: 60_000 });
    // a second click would hide it
    if ((await icon.getAttribute('class'))?.includes('checked') !== true) {
      await icon.click();
    }
    await this.page.locator('.part.sidebar .composite.title', { hasText: title }).waitFor();
    return this.page.locator('.part.sidebar .content');
  }

  #containerIcon(title: string): Locator {
    const label = this.page.locator(`a.action-label[aria-label^=${quoted(title)}]`);
    return this.page.locator('.part.activitybar .action-item').filter({ has: label }).first();
  }

  /** A view by its title, expanded. */
  async view(title: string): Promise<Locator> {
    const heading = this.page.locator('h3.title', { hasText: startingWith(title) });
    const header = this.page.locator('.pane-header').filter({ has: heading }).first();
    await header.waitFor({ timeout: 30_000 });
    if ((await header.getAttribute('aria-expanded')) === 'false') {
      await header.click();
    }
    return this.page.locator('.pane').filter({ has: heading }).first();
  }

  /** Clicks a button of a view's title bar, which shows when the pointer is on it. */
  async viewAction(view: Locator, label: string): Promise<void> {
    await view.locator('.pane-header').hover();
    await view.locator(`.pane-header .actions a.action-label[aria-label=${quoted(label)}]`).click();
  }

  row(scope: Locator, text: string | RegExp): Locator {
    return scope.locator('.monaco-list-row', { hasText: text }).first();
  }

  /** The visible rows. */
  rows(scope: Locator): Promise<Row[]> {
    return scope.locator('.monaco-list-row').evaluateAll((elements) =>
      (elements as unknown as PageElement[]).map((element) => {
        const expanded = element.getAttribute('aria-expanded');
        return {
          label: element.querySelector('.label-name')?.innerText ?? element.innerText,
          description: element.querySelector('.label-description')?.innerText ?? '',
          level: Number(element.getAttribute('aria-level') ?? 1),
          expanded: expanded === null ? undefined : expanded === 'true',
          spoken: element.getAttribute('aria-label') ?? '',
        };
      }),
    );
  }

  /** The visible rows as text, indented by depth: what tests compare. */
  async outline(scope: Locator): Promise<string> {
    const rows = await this.rows(scope);
    return rows.map((row) => `${'  '.repeat(row.level - 1)}${row.label} ${row.description}`.trimEnd()).join('\n');
  }

  /** Clicks an icon of a row, which shows when the pointer is on it. */
  async rowAction(row: Locator, label: string): Promise<void> {
    const action = row.locator(`.actions a.action-label[aria-label^=${quoted(label)}]`).first();
    // a row that is drawn again meanwhile forgets the pointer
    await repeat(5, async () => {
      await row.hover();
      await action.click({ timeout: 2000 });
    });
  }

  /** Rests the pointer on something until its tooltip says this. */
  async hover(target: Locator, tooltip: string): Promise<void> {
    // what is drawn again meanwhile forgets the pointer
    await repeat(5, async () => {
      await this.page.mouse.move(0, 0);
      await target.hover();
      await this.page.locator('.monaco-hover', { hasText: tooltip }).waitFor({ timeout: 4000 });
    });
  }

  // ---- menus

  /** Opens the context menu and chooses an item, as soon as it is offered. */
  async chooseFromMenu(target: Locator, label: string): Promise<void> {
    await repeat(5, async () => {
      await this.#closeMenu(); // an open menu does not notice what becomes enabled
      const menu = await this.#openMenu(target);
      const name = this.page.locator('.action-label', { hasText: exactly(label) });
      const item = menu.locator('.action-menu-item').filter({ has: name }).first();
      await item.hover({ timeout: 2000 });
      await item.click({ timeout: 2000 });
      await menu.waitFor({ state: 'detached' });
    });
  }

  /** What the context menu offers. Closes it again. */
  async menuItems(target: Locator): Promise<readonly string[]> {
    const menu = await this.#openMenu(target);
    const labels = await menu.locator('.action-menu-item .action-label').allInnerTexts();
    await this.#closeMenu();
    return labels.filter((label) => label !== '');
  }

  async #closeMenu(): Promise<void> {
    const menu = this.page.locator('.monaco-menu').last();
    if (await menu.isVisible()) {
      await this.page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
    }
  }

  async #openMenu(target: Locator): Promise<Locator> {
    const menu = this.page.locator('.monaco-menu').last();
    // a view that is drawn again meanwhile closes it at once
    await repeat(3, async () => {
      await target.click({ button: 'right' });
      await menu.waitFor({ timeout: 3000 });
    });
    return menu;
  }

  // ---- dialogs, notifications, progress

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Presses a button of the modal dialog and tells what it had said. */
  async answerDialog(button: string): Promise<DialogText> {
    await this.dialog.waitFor();
    const detail = this.dialog.locator('.dialog-message-detail');
    const buttons = this.dialog.locator('.dialog-buttons .monaco-button');
    const text = {
      message: await this.dialog.locator('.dialog-message-text').innerText(),
      detail: (await detail.isVisible()) ? await detail.innerText() : '',
      buttons: await buttons.allInnerTexts(),
    };
    await buttons.filter({ hasText: exactly(button) }).click();
    await this.dialog.waitFor({ state: 'detached' });
    return text;
  }

  notification(text: string): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  /** The moving bar of a notification. Wait for it to be `attached`: it has no height to be seen by. */
  notificationProgress(text: string): Locator {
    const toast = this.page.locator('.notifications-toasts .monaco-list-row', { hasText: text });
    return toast.locator('.monaco-progress-container.active');
  }

  /** The title of the view that has the keyboard focus. */
  focusedView(): Promise<string> {
    return this.page.locator('.pane:has(:focus) h3.title').first().innerText();
  }

  async clearNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  }

  // ---- editors

  tabs(): Promise<readonly string[]> {
    return this.page.locator('.tabs-container .tab .label-name').allInnerTexts();
  }

  get diffEditor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-diff-editor').first();
  }

  get multiDiffEditor(): Locator {
    return this.page.locator('.editor-group-container.active .multiDiffEditor').first();
  }
}

/** Tries again, until it has failed so many times. */
async function repeat(attempts: number, action: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action();
      return;
    } catch (error) {
      if (attempt === attempts) {
        throw error;
      }
    }
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}\\s*$`);
}

function startingWith(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
