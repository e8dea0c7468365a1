import { availableParallelism } from 'node:os';
import type { Job, Suite } from './suites.ts';
import type { TestResult } from './testResult.ts';

/** Tests mostly wait, for processes and browsers, but two at a time are enough for a small machine. */
const SIDE_BY_SIDE = Math.max(2, availableParallelism() - 1);

/** Runs the suites' jobs, several side by side, and reports each suite as soon as its last job has ended. */
export async function runJobs(
  suites: readonly Suite[],
  report: (suite: Suite, results: readonly TestResult[], seconds: number) => void,
): Promise<TestResult[]> {
  const runs = suites.map((suite) => ({
    suite,
    jobs: suite.jobs(),
    results: [] as TestResult[],
    ended: 0,
    started: 0,
  }));
  const queue = runs.flatMap((run) => run.jobs.map((job) => ({ run, job })));
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { run, job } = next;
      run.started ||= Date.now();
      run.results.push(...(await runSafely(job, run.suite.name)));
      run.ended += 1;
      if (run.ended === run.jobs.length) {
        report(run.suite, run.results, (Date.now() - run.started) / 1000);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return runs.flatMap((run) => run.results);
}

async function runSafely(job: Job, title: string): Promise<readonly TestResult[]> {
  try {
    return await job();
  } catch (error) {
    return [
      { title, state: 'failed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    ];
  }
}
