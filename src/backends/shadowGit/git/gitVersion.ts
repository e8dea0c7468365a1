import { CheckpointError } from '../../../core/error.ts';
import type { ProcessRunner } from '../../../platform/processRunner.ts';

export interface GitVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

const OLDEST = { major: 2, minor: 31 };
const TIMEOUT_MS = 10_000;

/** @throws CheckpointError `notInstalled` when git is missing or older than what the store needs. */
export async function requireGit(runner: ProcessRunner): Promise<GitVersion> {
  const { stdout } = await runner
    .run({ command: 'git', args: ['version'], timeoutMs: TIMEOUT_MS })
    .catch((cause: unknown) => {
      throw new CheckpointError('notInstalled', 'git could not be started, and checkpoints of files need it.', {
        hint: 'Install git 2.31 or newer and make sure that it is on the PATH.',
        cause,
      });
    });
  const version = parseGitVersion(stdout.toString('utf8'));
  if (version === undefined || !isAtLeast(version, OLDEST.major, OLDEST.minor)) {
    throw new CheckpointError('notInstalled', `git is too old: ${stdout.toString('utf8').trim()}.`, {
      hint: 'Install git 2.31 or newer.',
      details: { version: version?.text ?? '' },
    });
  }
  return version;
}

export function parseGitVersion(text: string): GitVersion | undefined {
  const match = /\b(\d+)\.(\d+)(?:\.[\w.-]+)?/.exec(text);
  return match === null ? undefined : { text: match[0], major: Number(match[1]), minor: Number(match[2]) };
}

export function isAtLeast(version: GitVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
