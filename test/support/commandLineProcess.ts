import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { type GitSandbox, makeGitSandbox } from './gitSandbox.ts';

/** The command line's entry point, as it is run from source. */
export const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');

export interface Finished {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real command line as processes of their own, in a sandbox. */
export interface CommandLineSandbox extends GitSandbox {
  /** A process that still runs. */
  start(
    args: readonly string[],
    options?: RunOptions,
  ): { readonly child: ChildProcess; readonly finished: Promise<Finished> };
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** The document that `--json` gives, which has to keep the schema and to be all there is. */
  json<Schema extends z.ZodType>(schema: Schema, args: readonly string[], code?: number): Promise<z.output<Schema>>;
}

export async function makeCommandLineSandbox(): Promise<CommandLineSandbox> {
  const sandbox = await makeGitSandbox();
  const start: CommandLineSandbox['start'] = (args, { cwd = sandbox.workspace, env = {} } = {}) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, ...env } });
    return { child, finished: finish(child) };
  };
  const run: CommandLineSandbox['run'] = (args, options) => start(args, options).finished;
  return {
    ...sandbox,
    start,
    run,
    async json(schema, args, code = 0) {
      const finished = await run(['--json', ...args]);
      const stdout = finished.stdout.toString('utf8');
      if (finished.code !== code) {
        throw new Error(`"${args.join(' ')}" ended with ${finished.code}, not ${code}: ${stdout}${finished.stderr}`);
      }
      return schema.parse(JSON.parse(stdout));
    },
  };
}

export function finish(child: ChildProcess): Promise<Finished> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      done({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
  });
}
