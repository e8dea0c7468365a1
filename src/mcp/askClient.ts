import { CLIENT_CAPABILITIES_META_KEY, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import type { ClientCapabilities, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Approval, ApprovalRequest, Approve } from '../agent/approval.ts';

/** Thrown through a tool that cannot go on without an answer of the user. */
export class AnswerNeeded extends Error {
  override readonly name = 'AnswerNeeded';
  /** What asks the client; it calls the tool again with the answer. */
  readonly result: InputRequiredResult;

  constructor(result: InputRequiredResult) {
    super('The user has to answer first.');
    this.result = result;
  }
}

/** Capabilities of a client that can ask with a form; one that names no mode at all means forms. */
const CAN_ASK = z.looseObject({
  elicitation: z.looseObject({}).refine((modes) => 'form' in modes || Object.keys(modes).length === 0),
});

const ANSWER = 'agree';
const SHOWN_PATHS = 10;

/**
 * Asks the user through the agent's own interface ("elicitation"). Where the agent has none, the answer is no.
 * `declared` are the capabilities of a client that told them once, when the connection began.
 */
export function askClient(context: ServerContext, declared: ClientCapabilities | undefined): Approve {
  return async (request) => {
    const { envelope, inputResponses } = context.mcpReq;
    const carried: Readonly<Record<string, unknown>> = envelope ?? {};
    if (!CAN_ASK.safeParse(carried[CLIENT_CAPABILITIES_META_KEY] ?? declared).success) {
      return cannotAsk();
    }
    const answer = inputResponse(inputResponses, ANSWER);
    if (answer.kind !== 'elicit') {
      throw new AnswerNeeded(question(request));
    }
    return answer.action === 'accept' ? { allowed: true } : { allowed: false, reason: 'The user did not agree.' };
  };
}

function cannotAsk(): Approval {
  return {
    allowed: false,
    reason:
      'The user has to agree to this, and there is no way to ask here. Ask the user to do it in VS Code or with the command ' +
      '"checkpoints", or to allow it to agents in the settings.',
  };
}

function question({ question: text, paths }: ApprovalRequest): InputRequiredResult {
  const more = paths.length > SHOWN_PATHS ? [`and ${paths.length - SHOWN_PATHS} more`] : [];
  const message = [text, ...paths.slice(0, SHOWN_PATHS), ...more].join('\n');
  const requestedSchema = { type: 'object' as const, properties: {} };
  return inputRequired({ inputRequests: { [ANSWER]: inputRequired.elicit({ message, requestedSchema }) } });
}
