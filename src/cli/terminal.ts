import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import { CheckpointError } from '../core/error.ts';
import { pathToBytes } from '../platform/pathBytes.ts';

export type Style = 'green' | 'yellow' | 'red' | 'dim' | 'bold';

/** The person or program that called: where answers, messages and questions go. */
export interface Terminal {
  /** Whether questions can be asked. */
  readonly canAsk: boolean;
  /** Whether `say` reaches a person who watches. */
  readonly isWatched: boolean;
  /** Answers, on standard output. Escaped bytes of paths come out as the bytes that they stand for. */
  print(text: string | Uint8Array): Promise<void>;
  /** Messages, on standard error. */
  say(text: string): void;
  /** Asks on standard error; only yes is yes. */
  ask(question: string, signal: AbortSignal): Promise<boolean>;
  /** Text for standard output in a colour, where colours are wanted. */
  style(style: Style, text: string): string;
}

interface TtyStream {
  readonly isTTY?: boolean;
}

export interface Streams {
  readonly stdin: Readable & TtyStream;
  readonly stdout: Writable & TtyStream;
  readonly stderr: Writable & TtyStream;
}

export function createTerminal(streams: Streams, env: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdin, stdout, stderr } = streams;
  const isWatched = stderr.isTTY === true;
  // https://no-color.org: any value but an empty one switches colours off.
  const hasColours = stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    canAsk: isWatched && stdin.isTTY === true,
    isWatched,
    print: (text) => write(stdout, typeof text === 'string' ? pathToBytes(text) : text),
    say: (text) => stderr.write(text),
    ask: (question, signal) => ask(streams, question, signal),
    style: (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** Resolves when the stream has taken it, so that a slow reader is waited for instead of filling the memory. */
function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

async function ask({ stdin, stderr }: Streams, question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  // The end of the input is an answer as well, and not yes.
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(question, { signal }), ended]);
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch (error) {
    throw new CheckpointError('cancelled', 'The question was not answered.', { cause: error });
  } finally {
    lines.close();
  }
}
