import { spawn } from 'node:child_process';

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the process and all it started are killed. */
  readonly timeout?: number;
  /** Told what the process prints, as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface ProcessResult {
  /** Undefined when the process was killed. */
  readonly code: number | undefined;
  /** What it printed on both streams, in order of arrival. */
  readonly output: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end. Rejects only when it cannot be started. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const forget = killAtExit(child.pid);
    let output = '';
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      killTree(child.pid, 'SIGTERM');
      killer = setTimeout(() => killTree(child.pid, 'SIGKILL'), 5000);
    }, options.timeout ?? 600_000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        options.onOutput?.(text);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      clearTimeout(killer);
      forget();
      resolve({ code: code ?? undefined, output, timedOut });
    });
  });
}

/** Signals a process that was started `detached`, and with it all that it started in its group. */
export function killTree(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // it has ended already
  }
}

/** Makes sure that a detached process does not outlive this one. Call the result once it has ended. */
export function killAtExit(pid: number | undefined, signal: NodeJS.Signals = 'SIGTERM'): () => void {
  const kill = (): void => killTree(pid, signal);
  process.once('exit', kill);
  return () => process.off('exit', kill);
}

/** Signals end this process in an orderly way, which ends what it has started too. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(130));
  }
}
