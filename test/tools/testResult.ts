import { existsSync, readFileSync } from 'node:fs';

/** One line of a results file. */
export interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Error of a failed test, reason of a skipped one. */
  readonly detail?: string;
}

/** The last line of a results file: without it the run has crashed. */
export const END_OF_RESULTS = '{"end":true}';

/**
 * What a run wrote. A run that did not come to its end, or that ran no test, is a failure.
 * @param ending how the process ended, for the message.
 */
export function readResults(file: string, name: string, ending: string): TestResult[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const complete = lines.at(-1) === END_OF_RESULTS;
  const results = lines
    .filter((line) => line !== END_OF_RESULTS && line !== '')
    .map((line) => JSON.parse(line) as TestResult);
  if (!complete) {
    const last = results.at(-1)?.title ?? 'nothing';
    results.push({
      title: name,
      state: 'failed',
      detail: `The run did not come to its end (${ending}). Last was: ${last}`,
    });
  } else if (results.length === 0) {
    results.push({ title: name, state: 'failed', detail: 'The run had no tests.' });
  }
  return results;
}
