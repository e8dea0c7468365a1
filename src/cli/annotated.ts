import type { Checkpoint } from '../core/checkpoint.ts';
import { type Answer, type Call, printLines } from './command.ts';
import { checkpointJson } from './json.ts';
import { titleOf } from './messages.ts';

/** The answer of the commands that change what is said about a checkpoint. */
export function annotatedAnswer(call: Call, what: string, checkpoint: Checkpoint): Answer {
  return {
    json: () => ({ checkpoint: checkpointJson(checkpoint) }),
    human: () => printLines(call, [`${what} ${titleOf(checkpoint)}.`]),
  };
}
