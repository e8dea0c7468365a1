import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal that keeps what it is told, without colours. */
export class FakeTerminal implements Terminal {
  canAsk = false;
  isWatched = false;
  out = '';
  err = '';
  /** What the person answers to the next questions. */
  answers: boolean[] = [];

  readonly print = async (text: string | Uint8Array): Promise<void> => {
    this.out += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
  };

  readonly say = (text: string): void => {
    this.err += text;
  };

  readonly ask = async (question: string): Promise<boolean> => {
    this.err += `${question}\n`;
    return this.answers.shift() ?? false;
  };

  readonly style = (_: string, text: string): string => text;
}
