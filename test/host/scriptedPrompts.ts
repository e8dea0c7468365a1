import type { Choice, InputOptions, PickOptions, Prompts, Question, Severity } from '../../src/vscode/prompts.ts';

/**
 * A person who answers as told: true and false to questions, the beginning of a label to choices, text to inputs, undefined
 * to give up. What was asked is kept as text.
 */
export class ScriptedPrompts implements Prompts {
  readonly transcript: string[] = [];
  readonly #answers: unknown[];

  constructor(...answers: readonly unknown[]) {
    this.#answers = [...answers];
  }

  async confirm(question: Question): Promise<boolean> {
    this.transcript.push(`${question.message} [${question.action}]`, ...question.detail.split('\n'));
    const answer = this.#next();
    if (answer !== 'preview') {
      return answer === true;
    }
    await question.preview?.();
    return this.#next() === true;
  }

  async pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: PickOptions,
  ): Promise<T | undefined> {
    const offered = await this.#offer(choices, options);
    const answer = this.#next() as string | undefined;
    const chosen = offered.find(({ label }) => answer !== undefined && label.startsWith(answer));
    if (answer !== undefined && chosen === undefined) {
      throw new Error(`"${answer}" is not offered.`);
    }
    return chosen?.value;
  }

  async pickMany<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: PickOptions,
  ): Promise<readonly T[] | undefined> {
    const offered = await this.#offer(choices, options);
    const answer = this.#next() as readonly string[] | undefined;
    return answer?.flatMap((label) => offered.filter((choice) => choice.label === label).map(({ value }) => value));
  }

  async input({ prompt }: InputOptions): Promise<string | undefined> {
    this.transcript.push(prompt);
    return this.#next() as string | undefined;
  }

  async tell(severity: Severity, message: string, ...actions: string[]): Promise<string | undefined> {
    this.transcript.push(`${severity}: ${message} [${actions.join('] [')}]`);
    return this.#answers.length === 0 ? undefined : (this.#next() as string | undefined);
  }

  async #offer<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    { title, placeholder = '' }: PickOptions,
  ): Promise<readonly Choice<T>[]> {
    const offered = await choices;
    this.transcript.push(`${title}: ${placeholder}`);
    this.transcript.push(...offered.map(({ label, description = '' }) => `  ${label} | ${description}`));
    return offered;
  }

  #next(): unknown {
    if (this.#answers.length === 0) {
      throw new Error(`Nobody expected a question:\n${this.transcript.join('\n')}`);
    }
    return this.#answers.shift();
  }
}
