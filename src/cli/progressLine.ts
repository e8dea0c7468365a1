import type { Disposable } from '../core/disposable.ts';
import type { Progress } from '../core/operationContext.ts';
import type { Terminal } from './terminal.ts';

/** What is over sooner needs no explanation. */
const PATIENCE_MS = 1000;
const CLEAR = '\r\u001B[K';

/**
 * Says on standard error how far an operation is that takes longer than a second: on a terminal on one line that changes
 * and goes away, elsewhere only that another process has to be waited for.
 */
export class ProgressLine implements Disposable {
  readonly #terminal: Terminal;
  readonly #timer: NodeJS.Timeout;
  #last: Progress | undefined;
  #patient = true;
  #shown = '';

  constructor(terminal: Terminal, patienceMs = PATIENCE_MS) {
    this.#terminal = terminal;
    this.#timer = setTimeout(() => {
      this.#patient = false;
      this.#show();
    }, patienceMs);
    this.#timer.unref();
  }

  readonly onProgress = (progress: Progress): void => {
    this.#last = progress;
    if (!this.#patient) {
      this.#show();
    }
  };

  /** Makes room for other output on the terminal. */
  clear(): void {
    if (this.#shown !== '' && this.#terminal.isWatched) {
      this.#terminal.say(CLEAR);
    }
    this.#shown = '';
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#patient = true;
    this.clear();
  }

  #show(): void {
    const last = this.#last;
    if (last === undefined || (!this.#terminal.isWatched && last.waiting !== true)) {
      return;
    }
    const text = describe(last);
    if (text !== this.#shown) {
      this.#terminal.say(this.#terminal.isWatched ? CLEAR + text : `${text}\n`);
      this.#shown = text;
    }
  }
}

function describe({ message, done, total }: Progress): string {
  if (done === undefined) {
    return `${message}…`;
  }
  return total === undefined ? `${message}… ${done}` : `${message}… ${done} of ${total}`;
}
