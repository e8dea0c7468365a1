import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Step {
  /** The checkpoint made after the edits; without one they stay as what changed since. */
  readonly checkpoint?: {
    readonly label: string;
    readonly origin: 'manual' | 'auto' | 'agent';
    readonly note?: string;
    readonly minutesAgo: number;
  };
  readonly write: Readonly<Record<string, readonly string[]>>;
  readonly remove?: readonly string[];
}

const README = ['# Pocket budget', '', 'Adds up what a month has cost.', '', '    node src/main.ts data/may.csv', ''];

const EXPENSES = ['date,what,euros', '2025-05-02,rent,640', '2025-05-03,groceries,48.20', '2025-05-09,train,29', ''];

const MAIN = [
  `import { readFileSync } from 'node:fs';`,
  `import { parseExpenses } from './parseExpenses.ts';`,
  `import { total } from './total.ts';`,
  ``,
  `const text = readFileSync(process.argv[2] ?? 'data/may.csv', 'utf8');`,
  `console.log('Total:', total(parseExpenses(text)));`,
  ``,
];

const PARSE = [
  `export interface Expense {`,
  `  readonly date: string;`,
  `  readonly what: string;`,
  `  readonly euros: number;`,
  `}`,
  ``,
  `export function parseExpenses(text: string): Expense[] {`,
  `  const [, ...lines] = text.trim().split('\\n');`,
  `  return lines.map((line) => {`,
  `    const [date = '', what = '', euros = '0'] = line.split(',');`,
  `    return { date, what, euros: Number(euros) };`,
  `  });`,
  `}`,
  ``,
];

const TOTAL = [
  `import type { Expense } from './parseExpenses.ts';`,
  ``,
  `export function total(expenses: readonly Expense[]): number {`,
  `  return expenses.reduce((sum, expense) => sum + expense.euros, 0);`,
  `}`,
  ``,
];

const TOTAL_IN_CENTS = [
  ...TOTAL.slice(0, 2),
  `/** Added up in cents, as 0.1 + 0.2 is not 0.3. */`,
  `export function total(expenses: readonly Expense[]): number {`,
  `  const cents = expenses.map((expense) => Math.round(expense.euros * 100));`,
  `  return cents.reduce((sum, value) => sum + value, 0) / 100;`,
  `}`,
  ``,
];

const MONTHS = [
  `import type { Expense } from './parseExpenses.ts';`,
  `import { total } from './total.ts';`,
  ``,
  `/** One line per month, oldest first. */`,
  `export function monthlyReport(expenses: readonly Expense[]): string {`,
  `  const months = Map.groupBy(expenses, (expense) => expense.date.slice(0, 7));`,
  `  return [...months].map(([month, list]) => month + '  ' + total(list).toFixed(2)).join('\\n');`,
  `}`,
  ``,
];

/** Two days with an agent, as edits and the checkpoints between them. The last edits are the agent's mistakes. */
const STORY: readonly Step[] = [
  {
    checkpoint: { label: 'First version', origin: 'manual', minutesAgo: 26 * 60 },
    write: {
      'README.md': README,
      'package.json': ['{', '  "name": "pocket-budget",', '  "private": true,', '  "type": "module"', '}', ''],
      'data/may.csv': EXPENSES,
      'src/main.ts': MAIN,
      'src/parseExpenses.ts': PARSE,
      'src/total.ts': TOTAL,
    },
  },
  {
    checkpoint: {
      label: 'Before the agent',
      origin: 'manual',
      note: 'Works, but knows only totals.',
      minutesAgo: 95,
    },
    write: { 'notes/ideas.md': ['- a report per month', '- other currencies?', ''] },
  },
  {
    checkpoint: { label: 'Add a report per month', origin: 'agent', minutesAgo: 81 },
    write: {
      'src/monthlyReport.ts': MONTHS,
      'src/main.ts': [
        ...MAIN.slice(0, 1),
        `import { monthlyReport } from './monthlyReport.ts';`,
        ...MAIN.slice(1, -2),
        `const expenses = parseExpenses(text);`,
        `console.log(monthlyReport(expenses));`,
        `console.log('Total:', total(expenses));`,
        ``,
      ],
    },
  },
  {
    checkpoint: { label: 'Add up in cents', origin: 'agent', minutesAgo: 64 },
    write: { 'src/total.ts': TOTAL_IN_CENTS },
  },
  {
    checkpoint: { label: 'Refuse lines without an amount', origin: 'agent', minutesAgo: 38 },
    write: {
      'src/parseExpenses.ts': PARSE.flatMap((line) =>
        line.includes('return { date')
          ? [`    if (Number.isNaN(Number(euros))) {`, `      throw new Error('No amount: ' + line);`, `    }`, line]
          : [line],
      ),
      'data/june.csv': ['date,what,euros', '2025-06-02,rent,640', '2025-06-07,shoes,85', ''],
    },
  },
  {
    checkpoint: { label: 'Before the refactoring', origin: 'manual', minutesAgo: 6 },
    write: { 'notes/ideas.md': ['- other currencies?', '- one function for all totals', ''] },
  },
  {
    write: {
      'src/total.ts': TOTAL_IN_CENTS.map((line) => line.replace('sum + value, 0', 'sum * value, 1')),
      'README.md': [...README, 'Now with artificial intelligence!', ''],
      'src/aiHelper.ts': ['// TODO', ''],
    },
    remove: ['notes/ideas.md'],
  },
];

/**
 * Makes a small project with some checkpoints in `folder`.
 * @param commandLine the built `checkpoints`; without it the project has no history.
 */
export async function makeSampleProject(folder: string, commandLine: string, env: NodeJS.ProcessEnv): Promise<void> {
  const hasCommandLine = existsSync(commandLine);
  if (!hasCommandLine) {
    process.stderr.write(`${commandLine} has not been built: the sample project has no history.\n`);
  }
  for (const step of STORY) {
    edit(folder, step);
    if (step.checkpoint !== undefined && hasCommandLine) {
      const { label, origin, note, minutesAgo } = step.checkpoint;
      const args = ['-C', folder, 'create', label, '--origin', origin, ...(note === undefined ? [] : ['--note', note])];
      await run(process.execPath, ['--import', inThePast(minutesAgo), commandLine, ...args], { env });
    }
  }
}

function edit(folder: string, { write, remove = [] }: Step): void {
  for (const [path, lines] of Object.entries(write)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), lines.join('\n'));
  }
  for (const path of remove) {
    rmSync(join(folder, path));
  }
}

/** A module that sets the clock of a process back. */
function inThePast(minutes: number): string {
  const source = `
    const Present = Date;
    const milliseconds = ${minutes * 60_000};
    globalThis.Date = class extends Present {
      constructor(...args) {
        super(...(args.length === 0 ? [Present.now() - milliseconds] : args));
      }
      static now() {
        return Present.now() - milliseconds;
      }
    };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
