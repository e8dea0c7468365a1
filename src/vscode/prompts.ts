import * as vscode from 'vscode';

/** A decision that is asked once, in a dialog of its own. */
export interface Question {
  /** What will be done, by name. */
  readonly message: string;
  /** How much, and what will be lost. */
  readonly detail: string;
  /** The verb on the button. */
  readonly action: string;
  /** Shows what will be done; afterwards the decision is asked for again, without hiding it. */
  readonly preview?: () => Promise<void>;
}

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface PickOptions {
  readonly title: string;
  readonly placeholder?: string;
  /** Offers the way to the step before; taking it gives {@link BACK}. */
  readonly canGoBack?: boolean;
}

export interface InputOptions {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
}

export const BACK = Symbol('back');

export type Severity = 'error' | 'warning' | 'information';

type Choices<T> = readonly Choice<T>[] | Promise<readonly Choice<T>[]>;

/** Everything that is ever asked of a person. Undefined, and false, mean that the person gave up. */
export interface Prompts {
  confirm(question: Question): Promise<boolean>;
  pick<T>(choices: Choices<T>, options: PickOptions): Promise<T | typeof BACK | undefined>;
  pickMany<T>(choices: Choices<T>, options: PickOptions): Promise<readonly T[] | undefined>;
  input(options: InputOptions): Promise<string | undefined>;
  tell(severity: Severity, message: string, ...actions: string[]): Promise<string | undefined>;
}

export const windowPrompts: Prompts = { confirm, pick, pickMany, input, tell };

async function confirm(question: Question): Promise<boolean> {
  const preview = vscode.l10n.t('Preview');
  const { message, detail, action } = question;
  const buttons = question.preview === undefined ? [action] : [action, preview];
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  if (answer !== preview || question.preview === undefined) {
    return answer === action;
  }
  await question.preview();
  const choices = [
    { label: action, description: detail.split('\n')[0] ?? '', value: true },
    { label: vscode.l10n.t('Cancel'), value: false },
  ];
  return (await pick(choices, { title: message })) === true;
}

function pick<T>(choices: Choices<T>, options: PickOptions): Promise<T | typeof BACK | undefined> {
  const picker = openPicker<T>(options);
  if (options.canGoBack) {
    picker.buttons = [vscode.QuickInputButtons.Back];
  }
  return new Promise((resolve, reject) => {
    fill(picker, choices).catch(reject);
    picker.onDidTriggerButton(() => resolve(BACK));
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.value));
    picker.onDidHide(() => resolve(undefined));
  }).finally(() => picker.dispose()) as Promise<T | typeof BACK | undefined>;
}

function pickMany<T>(choices: Choices<T>, options: PickOptions): Promise<readonly T[] | undefined> {
  const picker = openPicker<T>(options);
  picker.canSelectMany = true;
  return new Promise<readonly T[] | undefined>((resolve, reject) => {
    fill(picker, choices).catch(reject);
    picker.onDidAccept(() => resolve(picker.selectedItems.map(({ value }) => value)));
    picker.onDidHide(() => resolve(undefined));
  }).finally(() => picker.dispose());
}

function openPicker<T>(options: PickOptions): vscode.QuickPick<Choice<T>> {
  const picker = vscode.window.createQuickPick<Choice<T>>();
  picker.title = options.title;
  picker.placeholder = options.placeholder;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.ignoreFocusOut = true;
  picker.show();
  return picker;
}

async function fill<T>(picker: vscode.QuickPick<Choice<T>>, choices: Choices<T>): Promise<void> {
  picker.busy = true;
  picker.items = await choices;
  picker.busy = false;
}

async function input(options: InputOptions): Promise<string | undefined> {
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true });
}

async function tell(severity: Severity, message: string, ...actions: string[]): Promise<string | undefined> {
  const show = {
    error: vscode.window.showErrorMessage,
    warning: vscode.window.showWarningMessage,
    information: vscode.window.showInformationMessage,
  }[severity];
  return show(message, ...actions);
}
