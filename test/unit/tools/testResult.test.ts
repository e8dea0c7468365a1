import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { END_OF_RESULTS, readResults } from '../../tools/testResult.ts';

describe('The results of a test run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'results-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What is read from a file with these lines, as text. */
  function read(...lines: string[]): string[] {
    const file = join(folder, 'results.ndjson');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return readResults(file, 'the run', 'exit code 0').map(
      ({ state, title, detail }) => `${state} ${title} ${detail ?? ''}`,
    );
  }

  it('are what was written when the run came to its end', () => {
    assert.deepEqual(
      read('{"title":"a","state":"passed"}', '{"title":"b","state":"skipped","detail":"why"}', END_OF_RESULTS),
      ['passed a ', 'skipped b why'],
    );
  });

  it('hold a failure when the run had no tests', () => {
    assert.deepEqual(read(END_OF_RESULTS), ['failed the run The run had no tests.']);
  });

  it('hold a failure when the run broke off', () => {
    assert.deepEqual(read('{"title":"a","state":"passed"}'), [
      'passed a ',
      'failed the run The run did not come to its end (exit code 0). Last was: a',
    ]);
  });

  it('hold a failure when nothing was written', () => {
    const missing = readResults(join(folder, 'missing'), 'the run', 'killed');
    assert.deepEqual(
      missing.map(({ state }) => state),
      ['failed'],
    );
  });
});
