// `npm test [-- SUITE…] [--no-skips]`: runs the suites and ends with `N passed, N failed, N skipped`.
import { SUITES, type Suite } from './tools/suites.ts';
import { runJobs } from './tools/runJobs.ts';
import { exitOnSignals } from './tools/runProcess.ts';
import type { TestResult } from './tools/testResult.ts';

exitOnSignals();
const args = process.argv.slice(2);
const skipsAreFailures = args.includes('--no-skips');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !SUITES.some((suite) => isPart(suite, name)));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. Suites: ${SUITES.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}

const chosen = SUITES.filter((suite) => names.length === 0 || names.some((name) => isPart(suite, name)));
const results = await runJobs(chosen, report);
const count = (state: TestResult['state']): number => results.filter((result) => result.state === state).length;
const failed = count('failed') > 0 || (skipsAreFailures && count('skipped') > 0);
if (skipsAreFailures && count('skipped') > 0) {
  console.log('Nothing may be skipped here.');
}
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exit(failed ? 1 : 0);

/** `host` stands for all suites in the host. */
function isPart(suite: Suite, name: string): boolean {
  return suite.name === name || suite.name.startsWith(`${name}-`);
}

function report(suite: Suite, suiteResults: readonly TestResult[], seconds: number): void {
  const passed = suiteResults.filter((result) => result.state === 'passed').length;
  console.log(`${suite.name}: ${passed} of ${suiteResults.length} passed in ${seconds.toFixed(0)} s`);
  for (const { state, title, detail = '' } of suiteResults) {
    if (state === 'skipped') {
      console.log(`  skipped  ${title}: ${detail}`);
    } else if (state === 'failed') {
      console.log(`  FAILED   ${title}\n${detail.trimEnd().replaceAll(/^/gm, '    ')}`);
    }
  }
}
