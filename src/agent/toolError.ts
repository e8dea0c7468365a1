import { type CheckpointError, type ErrorReason, isCheckpointError } from '../core/error.ts';

/** What an agent can do next, where the error itself has no hint. */
const NEXT: Partial<Record<ErrorReason, string>> = {
  notFound: 'Call snapshots_list to see the checkpoints.',
  busy: 'Try again in a few seconds.',
  timedOut: 'Call snapshots_list to see whether it was done before you try again.',
  cancelled: 'Nothing more was done.',
  corrupt: 'Other checkpoints may be whole: choose another one from snapshots_list.',
};

/** An error as sentences for a model: what failed, why, and the next step. */
export function toolErrorText(error: unknown): string {
  if (!isCheckpointError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return `It failed for a reason that was not expected: ${message}`;
  }
  return [error.message, candidates(error), error.hint ?? NEXT[error.reason]].filter(Boolean).join(' ');
}

function candidates({ reason, details }: CheckpointError): string {
  const { ids } = details;
  return reason === 'ambiguous' && Array.isArray(ids) ? `Use one of these ids: ${ids.join(', ')}.` : '';
}
