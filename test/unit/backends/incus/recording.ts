import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerSchema } from '../../../../src/backends/incus/incusWire.ts';

/** Versions of Incus of which there are recorded answers. */
export const VERSIONS = ['6.0.4'];

interface Recording {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly events: readonly unknown[];
}

export function recordingOf(version: string): Recording {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recordings', `${version}.json`), 'utf8')) as Recording;
}

/** What a recorded answer is about. */
export function metadataOf(version: string, name: string): unknown {
  const answer = answerSchema.parse(recordingOf(version).answers[name]);
  if (answer.type === 'error') {
    throw new Error(`The recorded answer "${name}" is an error: ${answer.error}`);
  }
  return answer.metadata;
}
