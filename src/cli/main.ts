import { systemClock } from '../platform/clock.ts';
import { commandArguments } from '../platform/commandArguments.ts';
import type { Log } from '../platform/log.ts';
import { openFolder } from './composition.ts';
import { EXIT } from './messages.ts';
import { runCommandLine } from './run.ts';
import { createTerminal } from './terminal.ts';
import { visible } from './text.ts';

const { stdin, stdout, stderr, env } = process;
const terminal = createTerminal({ stdin, stdout, stderr }, env);

const warn = (message: string): void => terminal.say(`checkpoints: ${visible(message)}\n`);
const log: Log = { debug: () => undefined, info: () => undefined, warn, error: warn };

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted) {
      process.exit(EXIT.cancelled);
    }
    stopping.abort(name);
  });
}

// Whoever reads the answer may stop at any time, as `head` does; that is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
});

process.exitCode = await runCommandLine(commandArguments(), {
  terminal,
  signal: stopping.signal,
  now: systemClock.now(),
  openFolder: (folder) => openFolder(folder, log),
});
