import { CheckpointError, type ErrorReason, isCheckpointError } from '../../core/error.ts';

interface Pattern {
  readonly reason: ErrorReason;
  readonly text: RegExp;
  readonly hint?: string;
}

/**
 * What Incus says when something fails, first match wins. The texts are the same in an answer's `error`, an operation's
 * `err`, and on the client's standard error after `Error: `. Collected by running Incus 6.0.4 and 7.0.2.
 */
const PATTERNS: Readonly<Record<string, Pattern>> = {
  noDaemon: { reason: 'notInstalled', text: /daemon doesn't appear to be started/, hint: 'Start the Incus daemon.' },
  noPermission: {
    reason: 'noPermission',
    text: /don't have the needed permissions|connect: permission denied|^not authorized|^Forbidden/i,
    hint: 'Become a member of the group incus-admin and log in again.',
  },
  restricted: { reason: 'noPermission', text: /doesn't allow for|is forbidden|not allowed in (?:this )?project/ },
  missing: { reason: 'notFound', text: /not found$|Snapshot \S+ does not exist/i },
  laterSnapshots: {
    reason: 'conflict',
    text: /cannot be restored due to subsequent (?:internal )?snapshot/,
    hint: 'Delete the later checkpoints of this container first.',
  },
  exists: { reason: 'conflict', text: /UNIQUE constraint failed|already in use|already exists/ },
  badName: { reason: 'conflict', text: /^Invalid (?:instance )?snapshot name/ },
  brokenName: {
    reason: 'unsupported',
    text: /invalid URL escape/,
    hint: 'This version of Incus cannot address a snapshot with such a name; it goes only with its container.',
  },
  missingSource: {
    reason: 'conflict',
    text: /Missing source path/,
    hint: 'Create the folder again, or change the device of the container.',
  },
  busy: {
    reason: 'busy',
    text: /is busy running a|record count doesn't match instance snapshot volume record count/,
    hint: 'Wait until it is done.',
  },
  poolFull: {
    reason: 'commandFailed',
    text: /no space left on device/i,
    hint: 'The storage pool of the container is full: delete something in it, or enlarge it.',
  },
  // The answer to a read while the container ends.
  ending: { reason: 'busy', text: /^Invalid PID/ },
  protected: { reason: 'unsupported', text: /Instance is protected/ },
  stateful: {
    reason: 'unsupported',
    text: /migration\.stateful|unable to create a stateful snapshot|CRIU|snapshot is stateless/i,
  },
  memberDown: {
    reason: 'timedOut',
    text: /Missing event connection with target cluster member|Server isn't ready yet/,
  },
};

/** HTTP statuses that tell the reason where the text does not. */
const STATUSES: Readonly<Record<number, ErrorReason>> = { 403: 'noPermission', 404: 'notFound', 409: 'conflict' };

/**
 * A failure that Incus reported itself, as `details.said` tells.
 * @param what Begins the sentence: "Creating the checkpoint x of c".
 */
export function incusFailure(what: string, said: string, status?: number): CheckpointError {
  const pattern = Object.values(PATTERNS).find(({ text }) => text.test(said));
  const reason = pattern?.reason ?? STATUSES[status ?? 0] ?? 'commandFailed';
  return new CheckpointError(reason, `${what} failed: ${said}`, {
    ...(pattern?.hint === undefined ? {} : { hint: pattern.hint }),
    details: { said },
  });
}

/** An operation of which it is not known how it ended, because Incus stopped talking to us. */
export function unknownOutcome(what: string, error: unknown): CheckpointError {
  const waitEnded = isCheckpointError(error, 'timedOut') || isCheckpointError(error, 'cancelled');
  const why = error instanceof Error ? error.message : '';
  return new CheckpointError(
    waitEnded ? error.reason : 'commandFailed',
    `${what}: it is not known how this ended. ${why}`.trim(),
    {
      hint: 'It may still go on in Incus. Look at the list again before you repeat it.',
      details: { outcome: 'unknown' },
      cause: error,
    },
  );
}

/** A connection that could not be made, or broke. `code` is the system's. */
export function connectionFailure(place: string, code: string | undefined, cause: unknown): CheckpointError {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    const why = code === 'ENOENT' ? 'there is no socket' : 'nobody answers';
    return new CheckpointError('notInstalled', `Incus is not running: ${why} at ${place}.`, {
      hint: 'Start the Incus daemon.',
      details: { place },
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new CheckpointError('noPermission', `You may not talk to Incus at ${place}.`, {
      hint: 'Become a member of the group incus-admin and log in again.',
      details: { place },
      cause,
    });
  }
  return new CheckpointError('commandFailed', `The connection to Incus at ${place} broke off (${code ?? 'no code'}).`, {
    hint: 'Whether the last operation was done shows in the list.',
    details: { place },
    cause,
  });
}
