import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runMocha } from '../tools/runMocha.ts';

/** What VS Code calls in its extension host. */
export async function run(): Promise<void> {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  const paths = files.map((name) => join(__dirname, name));
  const failures = await runMocha(paths, process.env['TEST_RESULTS'] ?? join(__dirname, 'results.ndjson'));
  if (failures > 0) {
    throw new Error(`${failures} tests have failed.`);
  }
}
