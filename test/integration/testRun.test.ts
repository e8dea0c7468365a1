import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DIST, PROJECT } from '../tools/paths.ts';
import { runProcess } from '../tools/runProcess.ts';
import { readResults } from '../tools/testResult.ts';

describe('A process of the test run', function () {
  this.timeout(30_000);
  let folder: string;
  beforeEach(() => {
    mkdirSync(DIST, { recursive: true });
    folder = mkdtempSync(join(DIST, 'test-run-')); // within the project, where its packages are found
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the body of a `describe` and tells what is reported. */
  async function run(body: string): Promise<{ code: number | undefined; results: string[] }> {
    const file = join(folder, 'sample.test.ts');
    const results = join(folder, 'results.ndjson');
    const imports = `import { before, describe, it } from 'mocha';\nimport { skip } from '../../test/tools/skip.ts';`;
    writeFileSync(file, `${imports}\ndescribe('S', () => {\n${body}\n});\n`);
    const { code } = await runProcess(process.execPath, [join(PROJECT, 'test/tools/mochaProcess.ts'), results, file]);
    const read = readResults(results, 'the run', `exit code ${code ?? 'none'}`);
    return {
      code,
      results: read.map(({ state, title, detail = '' }) => `${state} ${title}: ${detail.split('\n')[0]}`),
    };
  }

  it('reports what passed, what failed and why, and what was skipped and why', async () => {
    const body = `it('passes', () => {});
      it('fails', () => { throw new Error('wrong'); });
      it('is skipped', function () { skip(this, 'no such tool'); });
      describe('T', () => {
        before(function () { skip(this, 'not on this system'); });
        it('a', () => {});
        it('b', () => {});
      });`;
    assert.deepEqual(await run(body), {
      code: 1,
      results: [
        'passed S passes: ',
        'failed S fails: Error: wrong',
        'skipped S is skipped: no such tool',
        'skipped S T a: not on this system',
        'skipped S T b: not on this system',
      ],
    });
  });

  it('reports a hook that fails', async () => {
    const { results } = await run(`before(() => { throw new Error('no start'); });\nit('a', () => {});`);
    assert.deepEqual(results, ['failed S "before all" hook for "a": Error: no start']);
  });

  it('reports a crash as a failure, even one that looks like success', async () => {
    const { results } = await run(`it('a', () => {});\nit('b', () => process.exit(0));`);
    assert.deepEqual(results, [
      'passed S a: ',
      'failed the run: The run did not come to its end (exit code 0). Last was: S a',
    ]);
  });

  it('refuses a test that was singled out', async () => {
    const { code, results } = await run(`it.only('a', () => {});\nit('b', () => {});`);
    assert.deepEqual([code, results.some((result) => result.startsWith('failed'))], [1, true]);
  });
});
