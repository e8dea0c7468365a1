import { CheckpointError } from '../core/error.ts';

/** Something that an agent wants to do and that a person may want to decide. */
export interface ApprovalRequest {
  /** Name of the tool. */
  readonly tool: string;
  /** What would happen, as a question. */
  readonly question: string;
  /** The verb for the button that agrees. */
  readonly verb: string;
  /** The paths that would be changed, none where files are not touched. */
  readonly paths: readonly string[];
}

/** An answer; a refusal says why, for the agent. */
export type Approval = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

export type Approve = (request: ApprovalRequest) => Promise<Approval>;

/** What agents may do that removes checkpoints or changes more than one file. */
export type AgentPolicy = 'ask' | 'allow' | 'refuse';

/** Answers by the policy; `ask` is used where it leaves the decision to a person. */
export function approveBy(policy: AgentPolicy, ask: Approve): Approve {
  if (policy === 'ask') {
    return ask;
  }
  return async () => (policy === 'allow' ? { allowed: true } : { allowed: false, reason: REFUSED });
}

const REFUSED =
  'The settings of the user do not let agents restore, undo, delete or compact. Ask the user to do it instead.';

/** @throws CheckpointError `notConfirmed` with the reason of a refusal. */
export async function requireApproval(approve: Approve, request: ApprovalRequest): Promise<void> {
  const answer = await approve(request);
  if (!answer.allowed) {
    throw new CheckpointError('notConfirmed', answer.reason, { hint: 'Nothing was changed.' });
  }
}
