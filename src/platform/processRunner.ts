import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { CheckpointError } from '../core/error.ts';

/** One start of a program. Arguments are handed over as they are: no shell ever sees them. */
export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the scrubbed environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array | Readable;
  /** Milliseconds until the process and its children are killed. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Yield the processor to everything else. */
  readonly lowPriority?: boolean;
  /** Exit codes that are answers rather than failures; only 0 unless given. */
  readonly okExitCodes?: readonly number[];
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A process that is talked to while it runs. */
export interface LongProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly stderr: string }>;
  kill(): void;
}

/**
 * The only place that starts processes. All methods throw `notInstalled` when there is no such program, `timedOut` and
 * `cancelled` after the process tree has been told to stop, and `commandFailed` (with `details.exitCode`, `details.stderr`)
 * for an exit code that is not ok.
 */
export interface ProcessRunner {
  run(request: ProcessRequest): Promise<ProcessResult>;
  /** Standard output as it comes; the failure, if any, is thrown at its end. */
  stream(request: ProcessRequest): AsyncIterable<Uint8Array>;
  start(request: ProcessRequest): LongProcess;
}

const KILL_GRACE_MS = 2000;
const LOW_PRIORITY = 10;

export function createProcessRunner(): ProcessRunner {
  return { run, stream, start };
}

/** Starts a program that outlives this one and is connected to nothing. Resolves when it ends, for whoever waits so long. */
export async function startDetached({ command, args, cwd }: ProcessRequest): Promise<void> {
  const child = execa(command, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: scrubbedEnvironment(),
    extendEnv: false,
    stdio: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
    windowsHide: true,
  });
  child.nodeChildProcess.unref();
  await child;
}

/** The caller's environment without any variable that redirects git, in a language whose messages can be parsed. */
export function scrubbedEnvironment(
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !name.toUpperCase().startsWith('GIT_')) {
      kept[name] = value;
    }
  }
  return { ...kept, LC_ALL: 'C' };
}

async function run(request: ProcessRequest): Promise<ProcessResult> {
  const child = launch(request);
  const chunks: Buffer[] = [];
  child.process.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { exitCode, stderr } = await child.finished;
  return { exitCode, stderr, stdout: Buffer.concat(chunks) };
}

async function* stream(request: ProcessRequest): AsyncIterable<Uint8Array> {
  const child = launch(request);
  // The failure is reported by the await below; without this it would also count as unhandled while data flows.
  child.finished.catch(() => undefined);
  try {
    for await (const chunk of child.process.stdout) {
      yield chunk as Uint8Array;
    }
    await child.finished;
  } finally {
    child.stop();
  }
}

function start(request: ProcessRequest): LongProcess {
  const child = launch({ ...request, okExitCodes: ANY_EXIT_CODE }, 'pipe');
  const ended = child.finished.catch((error: unknown) => ({
    exitCode: undefined,
    stderr: error instanceof Error ? error.message : String(error),
  }));
  const { stdin, stdout } = child.process;
  if (stdin === null) {
    throw new CheckpointError('commandFailed', `"${request.command}" has no standard input.`);
  }
  return { stdin, stdout, ended, kill: child.stop };
}

const ANY_EXIT_CODE: readonly number[] = [];

function launch(request: ProcessRequest, stdin?: 'pipe') {
  if (request.signal?.aborted) {
    throw cancelled(request);
  }
  const child = spawnProcess(request, stdin);
  let why: 'timedOut' | 'cancelled' | undefined;
  let running = true;
  const stop = (): void => killTree(child, () => running);
  const onAbort = (): void => {
    why = 'cancelled';
    stop();
  };
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    request.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          why = 'timedOut';
          stop();
        }, request.timeoutMs);

  const finish = async (): Promise<{ exitCode: number; stderr: string }> => {
    const result = await child;
    running = false;
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
    return outcome(request, result, why);
  };
  return { process: child, finished: finish(), stop };
}

function spawnProcess(request: ProcessRequest, stdin: 'pipe' | undefined) {
  const input = request.stdin === undefined ? { stdin: stdin ?? ('ignore' as const) } : { input: request.stdin };
  const child = execa(request.command, [...request.args], {
    ...input,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    env: { ...scrubbedEnvironment(), ...request.env },
    extendEnv: false,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    buffer: { stdout: false, stderr: true },
    // An own process group, so that children of the child can be ended with it.
    detached: process.platform !== 'win32',
    cleanup: true,
    windowsHide: true,
  });
  if (request.lowPriority && child.pid !== undefined) {
    lowerPriority(child.pid);
  }
  return child;
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, LOW_PRIORITY);
  } catch {
    // The process has ended already, or the system has no priorities: nothing depends on it.
  }
}

interface Killable {
  readonly pid?: number | undefined;
  kill(signal: NodeJS.Signals): boolean;
}

function killTree(child: Killable, isRunning: () => boolean): void {
  const send = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined || !isRunning()) {
      return;
    }
    try {
      if (process.platform === 'win32') {
        child.kill(signal);
      } else {
        process.kill(-child.pid, signal);
      }
    } catch {
      // It ended between the check and the signal.
    }
  };
  send('SIGTERM');
  setTimeout(() => send('SIGKILL'), KILL_GRACE_MS).unref();
}

interface RawResult {
  readonly exitCode?: number | undefined;
  readonly stderr?: unknown;
  readonly code?: string | undefined;
  readonly shortMessage?: string | undefined;
}

function outcome(
  request: ProcessRequest,
  result: RawResult,
  why: 'timedOut' | 'cancelled' | undefined,
): { exitCode: number; stderr: string } {
  const stderr = result.stderr instanceof Uint8Array ? Buffer.from(result.stderr).toString('utf8') : '';
  if (why === 'cancelled') {
    throw cancelled(request);
  }
  if (why === 'timedOut') {
    throw new CheckpointError('timedOut', `${request.command} did not answer in ${request.timeoutMs} ms.`);
  }
  if (result.code === 'ENOENT') {
    throw new CheckpointError('notInstalled', `The program "${request.command}" was not found.`, { cause: result });
  }
  const ok = request.okExitCodes ?? [0];
  if (result.exitCode === undefined || (ok !== ANY_EXIT_CODE && !ok.includes(result.exitCode))) {
    throw commandFailed(request, result, stderr);
  }
  return { exitCode: result.exitCode, stderr };
}

function cancelled(request: ProcessRequest): CheckpointError {
  return new CheckpointError('cancelled', `${request.command} was cancelled.`);
}

function commandFailed(request: ProcessRequest, result: RawResult, stderr: string): CheckpointError {
  const firstLine = stderr.trim().split('\n')[0] ?? '';
  const said = firstLine === '' ? (result.shortMessage ?? 'no message') : firstLine;
  const what = [request.command, ...request.args.filter((arg) => /^[a-z]/.test(arg)).slice(0, 1)].join(' ');
  return new CheckpointError('commandFailed', `"${what}" failed: ${said}`, {
    details: { exitCode: result.exitCode ?? -1, stderr, command: [request.command, ...request.args] },
    cause: result,
  });
}
