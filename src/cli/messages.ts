import type { Checkpoint } from '../core/checkpoint.ts';
import type { SkipReason } from '../core/coverage.ts';
import { CheckpointError, type ErrorReason } from '../core/error.ts';
import type { RefusalReason } from '../core/restorePlan.ts';
import { visible } from './text.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, cancelled: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Refused means that nothing was changed, and that the same command can succeed after something else was done. */
export function exitCodeOf(reason: ErrorReason): ExitCode {
  switch (reason) {
    case 'usage':
      return EXIT.usage;
    case 'cancelled':
      return EXIT.cancelled;
    case 'notConfirmed':
    case 'sandboxRunning':
    case 'conflict':
    case 'ambiguous':
      return EXIT.refused;
    default:
      return EXIT.failed;
  }
}

/** Any failure as one of ours. */
export function asCheckpointError(error: unknown): CheckpointError {
  if (error instanceof CheckpointError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CheckpointError('commandFailed', message, { cause: error });
}

/** What the person can do about it, in terms of this command line. */
export function hintOf(error: CheckpointError): string | undefined {
  if (error.reason === 'conflict' && 'startedAt' in error.details) {
    return '"checkpoints doctor --repair" takes the interrupted restore back; nothing is lost by that.';
  }
  return error.hint ?? HINTS[error.reason];
}

const HINTS: Partial<Readonly<Record<ErrorReason, string>>> = {
  notFound: '"checkpoints list" shows what there is.',
  notInstalled: 'Install git 2.31 or newer and put it on the PATH.',
  noPermission: 'Check who may read and write the folder.',
  busy: 'Wait until the other window or command has finished, and try again.',
  corrupt: '"checkpoints doctor" says what is damaged; other checkpoints still work.',
  usage: '"checkpoints help" shows the commands, "checkpoints help COMMAND" one of them.',
};

/** A checkpoint as one names it in a sentence. */
export function titleOf({ id, label }: Checkpoint): string {
  return `"${visible(label)}" (${visible(shortId(id))})`;
}

const SHORT = 8;

/** Enough of an id to name a checkpoint by, in a store of sane size. */
export function shortId(id: string): string {
  return id.slice(0, SHORT);
}

export function skipText(reason: SkipReason): string {
  const texts: Readonly<Record<SkipReason, string>> = {
    tooLarge: 'larger than the limit for files that git does not track',
    unreadable: 'could not be read',
    changedWhileRead: 'changed while it was read',
    socket: 'is a socket',
    pipe: 'is a pipe',
    device: 'is a device',
    excludedSecret: 'looks like a secret',
    nestedRepository: 'is a repository of its own',
    converted: 'only a form of it that git had converted is there',
  };
  return texts[reason];
}

export function refusalText(why: RefusalReason): string {
  switch (why.kind) {
    case 'notCaptured':
      return `its present content cannot be captured: ${skipText(why.skip)}`;
    case 'skippedAtTarget':
      return `the checkpoint left it out: ${skipText(why.skip)}`;
    case 'ignoredAtTarget':
      return 'it was ignored at the checkpoint';
  }
}
