import { CheckpointError } from '../../../core/error.ts';
import type { LongProcess } from '../../../platform/processRunner.ts';
import { parseTree } from './gitObjects.ts';
import type { ObjectType, TreeEntry } from './gitObjects.ts';

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

/** The answer to questions that were behind the one that git died of. */
const ASK_AGAIN = Symbol('ask again');

interface Waiting {
  readonly resolve: (object: GitObject | undefined | typeof ASK_AGAIN) => void;
  readonly reject: (error: unknown) => void;
}

const ID = /^[0-9a-f]{40}$/;

/** Reads objects of a store through one `git cat-file --batch` that stays, and starts it again when it has died. */
export class ObjectReader {
  readonly #start: () => LongProcess;
  #process: BatchProcess | undefined;
  #isDisposed = false;

  constructor(start: () => LongProcess) {
    this.#start = start;
  }

  /**
   * The object with this id, whole in memory; undefined when the store has none.
   * @throws CheckpointError `corrupt` when it is there but cannot be read.
   */
  async read(id: string): Promise<GitObject | undefined> {
    if (!ID.test(id)) {
      throw new CheckpointError('usage', `"${id}" is not an object id.`);
    }
    for (;;) {
      if (this.#isDisposed) {
        throw new CheckpointError('cancelled', 'The store was closed.');
      }
      if (this.#process === undefined || this.#process.dead) {
        this.#process = new BatchProcess(this.#start());
      }
      const answer = await this.#process.request(id);
      if (answer !== ASK_AGAIN) {
        return answer;
      }
    }
  }

  /** The entries of a tree. Throws `corrupt` when it is missing or not a tree. */
  async tree(id: string): Promise<TreeEntry[]> {
    const object = await this.read(id);
    if (object?.type !== 'tree') {
      throw new CheckpointError('corrupt', `The store lacks the tree ${id}.`, { details: { object: id } });
    }
    return parseTree(object.data);
  }

  /** The bytes of a blob. Throws `corrupt` when it is missing or not a blob. */
  async blob(id: string): Promise<Buffer> {
    const object = await this.read(id);
    if (object?.type !== 'blob') {
      throw new CheckpointError('corrupt', `The store lacks the content ${id}.`, { details: { object: id } });
    }
    return object.data;
  }

  /** What a path is in a tree, walked component by component; undefined when it is not there. */
  async find(tree: string, path: string): Promise<TreeEntry | undefined> {
    const [first = '', ...rest] = path.split('/');
    const entry = (await this.tree(tree)).find((candidate) => candidate.name === first);
    if (entry === undefined || rest.length === 0) {
      return entry;
    }
    return entry.mode === '40000' ? this.find(entry.id, rest.join('/')) : undefined;
  }

  /** Lets go of the files of the repository: the next read opens them anew. */
  restart(): void {
    this.#process?.end();
    this.#process = undefined;
  }

  /** For good: what still runs and reads must not start a process that nobody ends. */
  dispose(): void {
    this.#isDisposed = true;
    this.restart();
  }
}

/** One run of `cat-file --batch`: answers come in the order of the questions. */
class BatchProcess {
  readonly #process: LongProcess;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** How many bytes have to be there before it is worth looking again. */
  #needed = 1;
  dead = false;

  constructor(process: LongProcess) {
    this.#process = process;
    process.stdin.on('error', () => undefined);
    process.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void process.ended.then(({ stderr }) => this.#fail(stderr));
  }

  request(id: string): Promise<GitObject | undefined | typeof ASK_AGAIN> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${id}\n`);
    });
  }

  end(): void {
    this.dead = true;
    this.#process.stdin.end();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    let isMore = true;
    while (isMore && this.#length >= this.#needed) {
      isMore = this.#answerNext();
    }
  }

  /** Answers the oldest question if its answer is complete. */
  #answerNext(): boolean {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    const lineEnd = bytes.indexOf(0x0a);
    if (lineEnd === -1) {
      this.#needed = bytes.length + 1;
      return false;
    }
    const [, type = '', size = ''] = bytes.toString('latin1', 0, lineEnd).split(' ');
    const dataEnd = type === 'missing' ? lineEnd : lineEnd + 1 + Number(size);
    if (bytes.length <= dataEnd) {
      this.#needed = dataEnd + 1;
      return false;
    }
    const data = bytes.subarray(lineEnd + 1, dataEnd);
    this.#keep(bytes.subarray(dataEnd + 1));
    this.#waiting.shift()?.resolve(type === 'missing' ? undefined : { type: type as ObjectType, data });
    return this.#length > 0;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#needed = 1;
  }

  #fail(stderr: string): void {
    this.dead = true;
    const message = `git could not read an object of the store: ${stderr.trim() || 'it ended early'}.`;
    this.#waiting.shift()?.reject(new CheckpointError('corrupt', message, { details: { stderr } }));
    for (const { resolve } of this.#waiting.splice(0)) {
      resolve(ASK_AGAIN);
    }
  }
}
