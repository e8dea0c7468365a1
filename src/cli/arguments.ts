import { Command as Parser, CommanderError, Option } from 'commander';
import { CheckpointError } from '../core/error.ts';
import type { Command, CommandHelp, CommandOption, FolderlessCommand } from './command.ts';

/** What the arguments ask for. */
export type Request =
  | { readonly kind: 'call'; readonly command: Command | FolderlessCommand; readonly given: GivenArguments }
  /** `wanted` is false when no command was given. */
  | { readonly kind: 'help'; readonly text: string; readonly wanted: boolean };

export interface GivenArguments {
  readonly operands: readonly string[];
  readonly afterDashes: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** Workspace folder, as given. */
  readonly directory: string;
  readonly store: string | undefined;
  readonly json: boolean;
}

const INTRODUCTION = 'See, compare and undo what changed in a folder, by checkpoints of its files.';

const RULES = `
A checkpoint CP is its id, the beginning of its id, its name, or @latest.
Paths are relative to the folder DIR, with "/"; what begins with "-" stands after "--".
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused with nothing changed, 130 cancelled.`;

/**
 * Understands the arguments of the command line.
 * @throws CheckpointError `usage` when they make no sense.
 */
export function parseArguments(commands: readonly (Command | FolderlessCommand)[], argv: readonly string[]): Request {
  let request: Request | undefined;
  let help = '';
  const parser = globalParser(commands, (text) => {
    help += text;
  });
  for (const command of commands) {
    const own = addCommand(parser, command);
    own.action(() => {
      request = { kind: 'call', command, given: givenArguments(own, argv) };
    });
  }
  try {
    parser.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || help === '') {
      throw usageError(error);
    }
  }
  return request ?? { kind: 'help', text: help, wanted: argv.some((argument) => HELP_ARGUMENTS.has(argument)) };
}

const HELP_ARGUMENTS: ReadonlySet<string> = new Set(['help', '--help', '-h']);

const HELP_WIDTH = 100;

/** Whether the answer has to be JSON, also when the arguments make no sense otherwise. */
export function wantsJson(argv: readonly string[]): boolean {
  const dashes = argv.indexOf('--');
  return argv.slice(0, dashes === -1 ? argv.length : dashes).includes('--json');
}

function globalParser(commands: readonly CommandHelp[], onHelp: (text: string) => void): Parser {
  const terms = new Map(commands.map(({ name, operands }) => [name, `${name} ${operands}`.trimEnd()]));
  return new Parser('checkpoints')
    .description(INTRODUCTION)
    .usage('[-C DIR] [--store ID] [--json] COMMAND')
    .option('-C <DIR>', 'the folder whose checkpoints are meant (default: the current folder)')
    .option('--store <ID>', 'only this store; "checkpoints stores" lists them')
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .addHelpText('after', RULES)
    .configureHelp({
      helpWidth: HELP_WIDTH,
      showGlobalOptions: true,
      subcommandTerm: (command) => terms.get(command.name()) ?? `${command.name()} ${command.usage()}`,
    })
    .configureOutput({ writeOut: onHelp, writeErr: onHelp, outputError: () => undefined })
    .exitOverride();
}

function addCommand(parser: Parser, command: CommandHelp): Parser {
  const own = parser.command(command.name).description(`${command.summary}.`).summary(command.summary);
  own.usage(usageOf(command));
  for (const operand of command.operands.split(' ').filter(Boolean)) {
    own.argument(toCommander(operand));
  }
  for (const option of command.options) {
    own.addOption(toOption(option));
  }
  own.addHelpText('after', `\nExample:\n  checkpoints ${command.example}`);
  return own.copyInheritedSettings(parser);
}

/** What follows the name of a command, as in the list of commands. */
export function usageOf({ options, operands }: Pick<CommandHelp, 'options' | 'operands'>): string {
  return [operands, ...options.map(({ flags }) => `[${flags}]`)].filter(Boolean).join(' ');
}

function toOption({ flags, text, choices }: CommandOption): Option {
  const [name = '', value] = flags.split(' ');
  const option = new Option(value === undefined ? name : `${name} ${toCommander(value)}`, text);
  return choices === undefined ? option : option.choices(choices);
}

/** `NAME` must be given, `[NAME]` may be, `NAME…` may be given several times. */
function toCommander(operand: string): string {
  const bare = operand.replaceAll(/[[\]]/g, '').replace('…', '...');
  return operand.startsWith('[') ? `[${bare}]` : `<${bare}>`;
}

function givenArguments(own: Parser, argv: readonly string[]): GivenArguments {
  const { C: directory, store, json, ...options } = own.optsWithGlobals<Record<string, unknown>>();
  const dashes = argv.indexOf('--');
  return {
    operands: own.args,
    afterDashes: dashes === -1 ? 0 : argv.length - dashes - 1,
    options,
    directory: typeof directory === 'string' ? directory : '.',
    store: typeof store === 'string' ? store : undefined,
    json: json === true,
  };
}

function usageError(error: unknown): CheckpointError {
  if (!(error instanceof CommanderError)) {
    throw error;
  }
  return new CheckpointError('usage', sentence(error.message.replace(/^error: /, '')), { cause: error });
}

/** Commander speaks in fragments: `unknown command 'x'` and, on a line of its own, a suggestion. */
function sentence(message: string): string {
  const [what = '', suggestion] = message.split('\n');
  const text = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`.replace(/\.?$/, '.');
  return suggestion === undefined ? text : `${text} ${suggestion.replace(/^\((.*)\)$/, '$1')}`;
}
