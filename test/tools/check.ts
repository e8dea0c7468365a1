import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './paths.ts';
import { runProcess } from './runProcess.ts';

export interface CheckResult {
  readonly title: string;
  readonly passed: boolean;
  readonly output: string;
}

/** Each tool is started by Node itself, so that it works the same on every platform. */
const CHECKS = [
  { title: 'types (tsc)', args: ['typescript/bin/tsc', '-p', '.'] },
  { title: 'lint (oxlint)', args: ['oxlint/bin/oxlint'] },
  { title: 'format (oxfmt)', args: ['oxfmt/bin/oxfmt', '--check'] },
  { title: 'dead code (knip)', args: ['knip/bin/knip.js', '--no-progress'] },
  { title: 'layers', args: ['mocha/bin/mocha.js', 'test/unit/architecture.test.ts'] },
];

/** What needs no test run to be found: types, lint, format, dead code, and who imports whom. */
export function check(): Promise<CheckResult[]> {
  return Promise.all(
    CHECKS.map(async ({ title, args: [tool = '', ...args] }) => {
      const result = await runProcess(process.execPath, [join(PROJECT, 'node_modules', tool), ...args], {
        cwd: PROJECT,
      });
      return { title, passed: result.code === 0, output: result.output };
    }),
  );
}

async function main(): Promise<void> {
  const results = await check();
  for (const { title, passed, output } of results) {
    console.log(passed ? `ok    ${title}` : `FAIL  ${title}\n${output}`);
  }
  process.exitCode = results.every((result) => result.passed) ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main();
}
