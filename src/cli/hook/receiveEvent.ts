import { setTimeout as sleep } from 'node:timers/promises';
import { type HookAgent, type HookEvent, parseHookEvent } from '../../agent/hookEvent.ts';
import { systemClock } from '../../platform/clock.ts';
import { openDataFolder } from '../../platform/dataFolder.ts';
import { startDetached } from '../../platform/processRunner.ts';
import { TurnFiles } from './turnFiles.ts';

/** How long an agent waits for a checkpoint at most; one that takes longer is made all the same. */
const BUDGET_MS = 8000;
/** How long it may take until all of the event has come. */
const INPUT_MS = 5000;

export interface Reception {
  readonly agent: HookAgent;
  /** Where to look for the folder when the event does not say it. */
  readonly directory: string;
  /** The root of the data of all folders. */
  readonly root: string;
  /** The folder whose checkpoints are meant by a folder in which an agent works. */
  readonly folderOf: (directory: string) => Promise<string>;
  /** Arguments of the process that makes the checkpoints of a folder. */
  readonly worker: (folder: string) => readonly string[];
}

/**
 * Takes an event from standard input, leaves it where no crash loses it, and lets a process of its own make the checkpoint,
 * so that neither a large folder nor an impatient agent ends it half-way.
 */
export async function receiveEvent({ agent, directory, root, folderOf, worker }: Reception): Promise<void> {
  const event = parseHookEvent(agent, await readInput());
  if (event === undefined) {
    return;
  }
  const folder = await folderOf(projectOf(agent, event) ?? directory);
  const { workspace, dataFolder } = await openDataFolder(folder, root, systemClock.now());
  const files = new TurnFiles(dataFolder);
  const file = await files.add(agent, event, systemClock.now());
  const ended = startDetached({ command: process.execPath, args: worker(workspace), cwd: dataFolder });
  await within(BUDGET_MS, ended);
  if (await files.isWaiting(file)) {
    process.stderr.write('checkpoints: the checkpoint of this turn takes longer and is made in the background.\n');
  }
}

/** Agents tell their project's folder in the environment; the current folder of the event may be any below it. */
const PROJECT_VARIABLES: Partial<Record<HookAgent, string>> = {
  claude: 'CLAUDE_PROJECT_DIR',
  gemini: 'GEMINI_PROJECT_DIR',
};

function projectOf(agent: HookAgent, { cwd }: HookEvent): string | undefined {
  const variable = PROJECT_VARIABLES[agent];
  return (variable === undefined ? undefined : process.env[variable]) || cwd || undefined;
}

/** Standard input up to its end, or to the end of the event: not every agent closes it. */
async function readInput(): Promise<string> {
  const { stdin } = process;
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  const read = async (): Promise<void> => {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if (isWhole(text())) {
        return;
      }
    }
  };
  await within(INPUT_MS, read());
  stdin.destroy();
  return text();
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Resolves with the work, or when the time is over. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const timer = sleep(milliseconds, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, timer]);
  over.abort();
}
