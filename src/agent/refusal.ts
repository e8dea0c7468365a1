import type { SkipReason } from '../core/coverage.ts';
import type { RefusedPath } from '../core/restorePlan.ts';
import { printable } from './printable.ts';

const SKIPS: Readonly<Record<SkipReason, string>> = {
  tooLarge: 'it is too large',
  unreadable: 'it cannot be read',
  changedWhileRead: 'it kept changing',
  socket: 'it is a socket',
  pipe: 'it is a pipe',
  device: 'it is a device',
  excludedSecret: 'it is excluded as a secret',
  nestedRepository: 'it is a repository of its own',
  converted: 'git had converted it',
};

/** Why a restore leaves a path alone, as a sentence. */
export function refusalText({ path, why }: RefusedPath): string {
  const name = printable(path);
  if (why.kind === 'ignoredAtTarget') {
    return `${name} was left alone: the ignore rules of the checkpoint leave it out.`;
  }
  const what =
    why.kind === 'notCaptured' ? 'its present content could not be saved first' : 'the checkpoint does not hold it';
  return `${name} was left alone: ${what}, because ${SKIPS[why.skip]}.`;
}
