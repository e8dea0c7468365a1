import { CheckpointError } from '../core/error.ts';
import type { Call } from './command.ts';

export interface Question {
  /** What is at stake, for people. */
  readonly lines: readonly string[];
  /** What will be done, without a full stop: "Delete 2 checkpoints". */
  readonly what: string;
  /** Another way to see what will be done. */
  readonly preview?: string;
}

/**
 * Makes sure that it is meant: `yes`, or the person's answer.
 * @throws CheckpointError `notConfirmed` otherwise, with what would have been done.
 */
export async function confirm(call: Call, yes: boolean, { lines, what, preview }: Question): Promise<void> {
  if (yes) {
    return;
  }
  if (!call.terminal.canAsk) {
    const instead = preview === undefined ? '' : ` ${preview}`;
    throw new CheckpointError('notConfirmed', `${what}? Nothing was changed, because nobody can be asked here.`, {
      hint: `Add --yes to do it.${instead}`,
    });
  }
  const question = [...lines, `${what}? [y/N] `].join('\n');
  if (!(await call.terminal.ask(question, call.context.signal))) {
    throw new CheckpointError('notConfirmed', 'Nothing was changed.', { hint: 'Only "y" or "yes" does it.' });
  }
}
