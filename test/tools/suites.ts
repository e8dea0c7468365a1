import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, buildHostTests } from '../../esbuild.mjs';
import { codeServerUnavailable, installCodeServer, installStrictCodeServer } from '../workbench/codeServerInstall.ts';
import { check } from './check.ts';
import { packageExtension } from './packageExtension.ts';
import { DIST, PROJECT } from './paths.ts';
import { runProcess } from './runProcess.ts';
import { testEnvironment } from './testEnvironment.ts';
import { readResults, type TestResult } from './testResult.ts';

/** A part of the tests that can be run on its own. */
export interface Suite {
  readonly name: string;
  /** Independent pieces of it, which may run side by side. */
  readonly jobs: () => readonly Job[];
}

export type Job = () => Promise<readonly TestResult[]>;

const TIME_LIMIT = 600_000;

/** What is built for this run only, so that two runs at a time do no harm. */
const OWN = join(DIST, 'test', `run-${process.pid}`);
const HOST_TESTS = join(OWN, 'host');
process.once('exit', () => rmSync(OWN, { recursive: true, force: true }));

export const SUITES: readonly Suite[] = [
  { name: 'check', jobs: () => [runChecks] },
  { name: 'unit', jobs: () => [() => runFiles('unit', findTests('unit'))] },
  { name: 'contract', jobs: () => [() => runFiles('contract', findTests('contract'))] },
  { name: 'integration', jobs: () => oneByOne('integration', tryBuild) },
  { name: 'host', jobs: () => [() => runHost([])] },
  { name: 'host-stock', jobs: () => [() => runHost(['--stock'])] },
  { name: 'ui', jobs: () => oneByOne('ui', prepareUi) },
];

async function runChecks(): Promise<TestResult[]> {
  const results = await check();
  return results.map(({ title, passed, output }) => ({ title, state: passed ? 'passed' : 'failed', detail: output }));
}

function findTests(suite: string): string[] {
  return globSync(`test/${suite}/**/*.test.ts`, { cwd: PROJECT })
    .toSorted()
    .map((path) => join(PROJECT, path));
}

/** Files in processes of their own, as they are slow and must not disturb each other. */
function oneByOne(suite: string, prepare: () => Promise<NodeJS.ProcessEnv>): Job[] {
  const files = findTests(suite);
  const jobs = files.map((file) => async () => runFiles(suite, [file], await prepare()));
  return jobs.length > 0 ? jobs : [() => runFiles(suite, [])];
}

function runFiles(suite: string, files: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<TestResult[]> {
  const script = join(PROJECT, 'test/tools/mochaProcess.ts');
  const name = files.length === 1 ? (files[0] ?? '').slice(PROJECT.length + 1) : suite;
  return runScript(name, (results) => [script, results, ...files], env);
}

async function runHost(flags: readonly string[]): Promise<TestResult[]> {
  await prepareHost();
  const script = join(PROJECT, 'test/tools/hostTests.ts');
  return runScript('host tests', () => [script, HOST_TESTS, ...flags], {});
}

/** Runs a script that writes a results file, in a temporary home. */
async function runScript(
  name: string,
  args: (resultsFile: string) => readonly string[],
  extra: NodeJS.ProcessEnv,
): Promise<TestResult[]> {
  const environment = testEnvironment();
  const folder = mkdtempSync(join(tmpdir(), 'results-'));
  const file = join(folder, 'results.ndjson');
  try {
    const env = { ...environment.env, ...extra, TEST_RESULTS: file };
    const run = await runProcess(process.execPath, args(file), { cwd: PROJECT, env, timeout: TIME_LIMIT });
    const ending = run.timedOut ? `killed after ${TIME_LIMIT / 1000} s` : `exit code ${run.code ?? 'none'}`;
    const results = readResults(file, name, ending);
    const passed = results.every((result) => result.state !== 'failed');
    if (run.code !== 0 && passed) {
      results.push({ title: name, state: 'failed', detail: `Every test passed, but the run ended with ${ending}.` });
    }
    // what a run has printed explains why it broke off; a failed test explains itself
    return results.map((result) =>
      result.title === name ? { ...result, detail: `${result.detail ?? ''}\n${run.output}` } : result,
    );
  } finally {
    environment.dispose();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What several suites need is made once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const prepareBuild = once(async () => {
  await build();
  return {};
});

/** Most integration tests do without the build; the others tell that it is missing. */
const tryBuild = once(() => prepareBuild().catch(() => ({})));

const prepareHost = once(async () => {
  await prepareBuild();
  await buildHostTests(HOST_TESTS);
  if (codeServerUnavailable() === undefined) {
    await installCodeServer();
    await installStrictCodeServer();
  }
});

const prepareUi = once(async () => {
  await prepareBuild();
  if (codeServerUnavailable() === undefined) {
    await installCodeServer();
  }
  const file = join(OWN, 'extension.vsix');
  return existsSync(join(PROJECT, 'src/extension.ts')) ? { SNAPSHOT_TIMELINE_VSIX: await packageExtension(file) } : {};
});
