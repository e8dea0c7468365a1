import { DEFAULT_RETENTION } from '../../src/core/retention.ts';
import { type OpenFolder, runCommandLine } from '../../src/cli/run.ts';
import type { CheckpointStore } from '../../src/core/store.ts';
import { FakeTerminal } from './fakeTerminal.ts';
import { type MemorySession, openMemorySession } from './memorySession.ts';

/** The command line over a store in memory, one minute after its first checkpoint could have been made. */
export interface MemoryCommandLine extends MemorySession {
  readonly terminal: FakeTerminal;
  /** A folder around this one with checkpoints. */
  parent: string | undefined;
  /** Runs a command, words separated by blanks or as a list, and returns what came of it as text. */
  run(line: string | readonly string[]): Promise<string>;
  /** The same with `--json`: the document and the exit code. */
  json(line: string | readonly string[]): Promise<{ readonly code: number; readonly document: unknown }>;
}

export function openMemoryCommandLine(
  now = new Date(Date.UTC(2025, 0, 1, 0, 5)),
  others: readonly CheckpointStore[] = [],
): MemoryCommandLine {
  const opened = openMemorySession({}, others);
  const terminal = new FakeTerminal();
  const folder: OpenFolder = {
    // Each call of the command line closes its session; the store in memory has to live on.
    session: { ...opened.session, dispose: () => undefined },
    retention: DEFAULT_RETENTION,
    parentWithCheckpoints: async () => line.parent,
  };
  const call = async (argv: readonly string[]): Promise<number> => {
    terminal.out = '';
    terminal.err = '';
    return runCommandLine(argv, {
      terminal,
      signal: new AbortController().signal,
      now,
      openFolder: async () => folder,
    });
  };
  const words = (text: string | readonly string[]): readonly string[] =>
    typeof text === 'string' ? text.split(' ') : text;
  const line: MemoryCommandLine = {
    ...opened,
    terminal,
    parent: undefined,
    async run(text) {
      const code = await call(words(text));
      const parts = [terminal.out, terminal.err === '' ? '' : `! ${terminal.err}`, code === 0 ? '' : `exit ${code}\n`];
      return parts.join('').trimEnd();
    },
    async json(text) {
      const code = await call([...words(text), '--json']);
      return { code, document: JSON.parse(terminal.out) as unknown };
    },
  };
  return line;
}
