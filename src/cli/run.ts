import { findCheckpoint } from '../app/findCheckpoint.ts';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { CheckpointError, isCheckpointError } from '../core/error.ts';
import type { RetentionRules } from '../core/retention.ts';
import type { CheckpointStore } from '../core/store.ts';
import { type GivenArguments, parseArguments, wantsJson } from './arguments.ts';
import type { Answer, Call, Command, FolderlessCommand } from './command.ts';
import { COMMANDS } from './commands.ts';
import { asCheckpointError, EXIT, type ExitCode, exitCodeOf, hintOf } from './messages.ts';
import { ProgressLine } from './progressLine.ts';
import type { Terminal } from './terminal.ts';
import { visibleLines } from './text.ts';

/** What the command line needs from outside. */
export interface World {
  readonly terminal: Terminal;
  /** Raised when the person wants it to stop. */
  readonly signal: AbortSignal;
  readonly now: Date;
  openFolder(folder: string): Promise<OpenFolder>;
}

export interface OpenFolder {
  readonly session: WorkspaceSession;
  /** The nearest folder around this one that has checkpoints. */
  parentWithCheckpoints(): Promise<string | undefined>;
  /** The rules that the settings have for it. */
  readonly retention: RetentionRules;
}

/** Does what the arguments say and returns the exit code. Nothing is thrown: every failure is told where it belongs. */
export async function runCommandLine(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    const request = parseArguments(COMMANDS, argv);
    if (request.kind === 'call') {
      return await runCommand(request.command, request.given, world);
    }
    if (request.wanted) {
      await world.terminal.print(request.text);
      return EXIT.done;
    }
    if (wantsJson(argv)) {
      throw new CheckpointError('usage', 'A command is missing.');
    }
    world.terminal.say(request.text);
    return EXIT.usage;
  } catch (error) {
    const code = await tellError(asCheckpointError(error), wantsJson(argv), world.terminal);
    // Agents take some exit codes of a hook for an order to stop.
    return argv[0] === 'hook' ? EXIT.done : code;
  }
}

async function runCommand(
  command: Command | FolderlessCommand,
  given: GivenArguments,
  world: World,
): Promise<ExitCode> {
  if ('run' in command) {
    return callCommand(command, given, world);
  }
  await command.runAlone(given, world.terminal);
  return EXIT.done;
}

async function callCommand(command: Command, given: GivenArguments, world: World): Promise<ExitCode> {
  const folder = await world.openFolder(given.directory);
  const { session } = folder;
  const progress = new ProgressLine(world.terminal);
  const call: Call = {
    ...given,
    ...world,
    session,
    retention: folder.retention,
    wantsJson: given.json,
    stores: chosenStores(session, given.store),
    terminal: {
      ...world.terminal,
      // A question must not be overwritten by progress.
      ask: (question, signal) => {
        progress.clear();
        return world.terminal.ask(question, signal);
      },
    },
    context: { signal: world.signal, onProgress: progress.onProgress },
    find: (text, needed) => findCheckpoint(call.stores, text, needed),
    elsewhere: () => elsewhere(folder),
  };
  try {
    const answer = await command.run(call);
    await tellAnswer(answer, call, progress);
    return world.signal.aborted ? EXIT.cancelled : (answer.exitCode ?? EXIT.done);
  } catch (error) {
    throw await withParentHint(error, folder);
  } finally {
    progress.dispose();
    session.dispose();
  }
}

function chosenStores({ stores }: WorkspaceSession, id: string | undefined): readonly CheckpointStore[] {
  const chosen = stores.filter((store) => id === undefined || store.info.id === id);
  if (chosen.length === 0) {
    throw new CheckpointError('notFound', `There is no store "${id}" here.`, {
      hint: `There is ${stores.map((store) => `"${store.info.id}"`).join(', ')}.`,
    });
  }
  return chosen;
}

async function tellAnswer(answer: Answer, { wantsJson, terminal }: Call, progress: ProgressLine): Promise<void> {
  if (wantsJson) {
    await printJson(await answer.json(), terminal);
    return;
  }
  progress.clear();
  await answer.human();
}

/** Whoever stands in a sub-folder of the folder that has the checkpoints is told where they are. */
async function withParentHint(error: unknown, folder: OpenFolder): Promise<unknown> {
  if (!isCheckpointError(error, 'notFound') || (await folder.session.files.list()).length > 0) {
    return error;
  }
  const { message, details } = error;
  const hint = await elsewhere(folder);
  return hint === undefined ? error : new CheckpointError('notFound', message, { hint, details, cause: error });
}

/** Where a person who finds no checkpoints here may have meant to look. */
async function elsewhere(folder: OpenFolder): Promise<string | undefined> {
  const parent = await folder.parentWithCheckpoints();
  return parent === undefined ? undefined : `${parent} has checkpoints: use -C ${parent}.`;
}

async function tellError(error: CheckpointError, asJson: boolean, terminal: Terminal): Promise<ExitCode> {
  const hint = hintOf(error);
  if (asJson) {
    const { reason, message } = error;
    await printJson({ error: { reason, message, hint: hint ?? null } }, terminal);
  } else {
    const lines = [error.message, ...(hint === undefined ? [] : [hint])].flatMap(visibleLines);
    terminal.say(`checkpoints: ${lines.join('\n  ')}\n`);
  }
  return exitCodeOf(error.reason);
}

/**
 * JSON itself escapes lone surrogates (bytes of names that are not UTF-8) and most control characters; the others, and what
 * reorders text, are escaped too, since the answer may be shown on a terminal.
 */
async function printJson(value: unknown, terminal: Terminal): Promise<void> {
  const json = JSON.stringify(value, undefined, 2);
  const plain = json.replaceAll(
    /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  await terminal.print(`${plain}\n`);
}
