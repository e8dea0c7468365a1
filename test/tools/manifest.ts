import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './paths.ts';

/** package.json as it is in the repository. */
export function readManifest(): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Record<string, unknown>;
}
