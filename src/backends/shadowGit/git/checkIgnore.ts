import { CheckpointError } from '../../../core/error.ts';
import { pathFromBytes, pathToBytes } from '../../../platform/pathBytes.ts';
import type { LongProcess } from '../../../platform/processRunner.ts';

interface Question {
  remaining: number;
  readonly ignored: Set<string>;
  readonly resolve: (ignored: Set<string>) => void;
  readonly reject: (error: unknown) => void;
}

/** `check-ignore` does not know literal pathspecs, but a path that begins like this cannot have any magic. */
const LITERAL = './';

/** What `check-ignore` has to be started with. */
export const CHECK_IGNORE_ENVIRONMENT = { GIT_LITERAL_PATHSPECS: '0' };

/**
 * Asks one `git check-ignore --stdin -z -v -n --no-index` that stays. It remembers the ignore files it has read, so it
 * must not outlive one capture. It ends when it is asked about a path beyond a symlink.
 */
export class CheckIgnore {
  readonly #start: () => LongProcess;
  #process: LongProcess | undefined;
  readonly #questions: Question[] = [];
  #rest: Buffer = Buffer.alloc(0);
  /** Source, line, pattern and path of the answer that is being read. */
  #fields: Buffer[] = [];

  constructor(start: () => LongProcess) {
    this.#start = start;
  }

  /** Which of these paths the rules leave out. The kind of each is what is on disk. */
  async ignored(paths: readonly string[]): Promise<ReadonlySet<string>> {
    if (paths.length === 0) {
      return new Set();
    }
    const process = (this.#process ??= this.#launch());
    return new Promise((resolve, reject) => {
      this.#questions.push({ remaining: paths.length, ignored: new Set(), resolve, reject });
      process.stdin.write(Buffer.concat(paths.flatMap((path) => [pathToBytes(LITERAL + path), Buffer.of(0)])));
    });
  }

  dispose(): void {
    this.#process?.stdin.end();
    this.#process = undefined;
  }

  #launch(): LongProcess {
    const process = this.#start();
    process.stdin.on('error', () => undefined);
    process.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void process.ended.then(({ stderr }) => {
      const error = new CheckpointError('commandFailed', `git could not apply the ignore rules: ${stderr.trim()}`);
      this.#questions.splice(0).forEach(({ reject }) => reject(error));
    });
    return process;
  }

  #receive(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0, at)) {
      this.#fields.push(data.subarray(at, end));
      at = end + 1;
      if (this.#fields.length === 4) {
        this.#answer(this.#fields);
        this.#fields = [];
      }
    }
    this.#rest = Buffer.from(data.subarray(at));
    this.#fields = this.#fields.map((field) => Buffer.from(field));
  }

  #answer([source, , pattern, path]: readonly Buffer[]): void {
    const question = this.#questions[0];
    if (question === undefined || source === undefined || pattern === undefined || path === undefined) {
      return;
    }
    if (source.length > 0 && pattern[0] !== '!'.charCodeAt(0)) {
      question.ignored.add(pathFromBytes(path).slice(LITERAL.length));
    }
    question.remaining -= 1;
    if (question.remaining === 0) {
      this.#questions.shift();
      question.resolve(question.ignored);
    }
  }
}
