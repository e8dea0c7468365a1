import type { z } from 'zod';
import type { FoundCheckpoint } from '../app/findCheckpoint.ts';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { CheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { RetentionRules } from '../core/retention.ts';
import type { Capabilities, CheckpointStore } from '../core/store.ts';
import type { GivenArguments } from './arguments.ts';
import type { ExitCode } from './messages.ts';
import type { Terminal } from './terminal.ts';

/** What the help says about a command. */
export interface CommandHelp {
  readonly name: string;
  /** Its operands as one writes them: `CP [NAME]`; `[…]` may be missing, `…` may come several times. */
  readonly operands: string;
  /** What it does, in one line. */
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** Arguments of a call that shows it best. */
  readonly example: string;
}

/** One command of the command line, as data: what its help says, and what it does with an open folder. */
export interface Command extends CommandHelp {
  run(call: Call): Promise<Answer>;
}

/** A command that finds its folders itself, and answers nothing. */
export interface FolderlessCommand extends CommandHelp {
  runAlone(given: GivenArguments, terminal: Terminal): Promise<void>;
}

export interface CommandOption {
  /** As one writes it: `--note TEXT`; `…` may be given several values. */
  readonly flags: string;
  readonly text: string;
  readonly choices?: readonly string[];
}

/** One call of a command. */
export interface Call {
  readonly operands: readonly string[];
  /** How many of the operands stood after `--`. */
  readonly afterDashes: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly session: WorkspaceSession;
  /** Those that `--store` leaves; all of the session without it. */
  readonly stores: readonly CheckpointStore[];
  readonly retention: RetentionRules;
  readonly terminal: Terminal;
  readonly context: OperationContext & { readonly signal: AbortSignal };
  readonly now: Date;
  readonly wantsJson: boolean;
  /** The checkpoint that an operand names; of a store that can do what is `needed`, where there is one. */
  find(text: string, needed?: keyof Capabilities): Promise<FoundCheckpoint>;
  /** Where checkpoints are when there are none here: a sentence, or nothing. */
  elsewhere(): Promise<string | undefined>;
}

/** What a command answers: a value for programs, or text for people. Only one of the two is made. */
export interface Answer {
  json(): unknown;
  human(): Promise<void> | void;
  /** 0 unless given. */
  readonly exitCode?: ExitCode;
}

/**
 * The command's own options, checked.
 * @throws CheckpointError `usage` for a value that makes no sense.
 */
export function optionsOf<Schema extends z.ZodType>(call: Pick<Call, 'options'>, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(call.options);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CheckpointError('usage', `--${kebab(String(issue?.path[0]))}: ${issue?.message}.`);
  }
  return parsed.data;
}

function kebab(camel: string): string {
  return camel.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The operand at that place; the help says which ones must be given, so a missing one never gets here. */
export function operand(call: Pick<Call, 'operands'>, index: number): string {
  return call.operands[index] ?? '';
}

/** Lines of text as an answer to people. */
export async function printLines({ terminal }: Pick<Call, 'terminal'>, lines: readonly string[]): Promise<void> {
  await terminal.print(lines.map((line) => `${line}\n`).join(''));
}
