import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import { skipReason } from './skip.ts';
import { END_OF_RESULTS, type TestResult } from './testResult.ts';

/**
 * Runs test files in this process and writes one line of JSON per test to `resultsFile`.
 * @returns the number of failures.
 */
export async function runMocha(files: readonly string[], resultsFile: string): Promise<number> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: quietReporter(resultsFile), forbidOnly: true });
  const filter = process.env['MOCHA_GREP'];
  if (filter !== undefined) {
    mocha.grep(new RegExp(filter));
  }
  for (const file of files) {
    mocha.addFile(file);
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  appendFileSync(resultsFile, `${END_OF_RESULTS}\n`);
  return failures;
}

function quietReporter(resultsFile: string): typeof Mocha.reporters.Base {
  const write = (result: TestResult): void => appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
  return class QuietReporter extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner) {
      super(runner);
      runner.on('pass', (test) => write({ title: test.fullTitle(), state: 'passed' }));
      runner.on('pending', (test) => write({ title: test.fullTitle(), state: 'skipped', detail: skipReason(test) }));
      runner.on('fail', (test, error: unknown) => {
        write({ title: test.fullTitle(), state: 'failed', detail: describeError(error) });
      });
    }
  };
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const cause = error.cause === undefined ? '' : `\nCaused by: ${describeError(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
