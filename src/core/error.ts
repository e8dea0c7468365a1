/** Why an operation failed, in the words that every surface and the command line's JSON share. */
export type ErrorReason =
  | 'notFound'
  | 'sandboxRunning'
  | 'unsupported'
  | 'notInstalled'
  | 'noPermission'
  | 'conflict'
  | 'ambiguous'
  | 'busy'
  | 'timedOut'
  | 'cancelled'
  | 'corrupt'
  | 'partial'
  | 'commandFailed'
  | 'usage'
  | 'notConfirmed';

/** Plain values that name what the error is about: paths, ids, counts. A surface may show them; none is a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface CheckpointErrorOptions {
  /** What the person or agent can do about it: one sentence. */
  readonly hint?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The one error class of the product. `message` is a sentence in English that says what failed and why. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly reason: ErrorReason;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(reason: ErrorReason, message: string, options: CheckpointErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** Whether `error` is a {@link CheckpointError}, optionally one with the given reason. */
export function isCheckpointError(error: unknown, reason?: ErrorReason): error is CheckpointError {
  return error instanceof CheckpointError && (reason === undefined || error.reason === reason);
}

/** Throws a `cancelled` error when the signal has been raised. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new CheckpointError('cancelled', 'The operation was cancelled.', { cause: signal.reason });
  }
}
