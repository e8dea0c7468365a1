import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { requireCapability } from '../core/capabilities.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { HookAgent, HookEvent } from './hookEvent.ts';
import { nextStep, rememberTurn, type TurnBook } from './turnBook.ts';

export interface TurnRecorder {
  readonly session: WorkspaceSession;
  /** Told why a checkpoint could not be made; the next event of the session catches up. */
  readonly onProblem: (error: unknown) => void;
  readonly context?: OperationContext;
}

/**
 * Makes the checkpoint that an event asks for, if something changed, and returns the book after it. Events of one folder
 * must be recorded one after the other.
 */
export async function recordTurn(
  { session, onProblem, context }: TurnRecorder,
  book: TurnBook,
  agent: HookAgent,
  event: HookEvent,
): Promise<TurnBook> {
  const step = nextStep(book, agent, event);
  if (step === undefined) {
    return book;
  }
  const { files } = session;
  try {
    await requireCapability(files.capabilities.create)(step.capture, context);
    const before = step.begins ? (await files.list(context))[0]?.id : undefined;
    return rememberTurn(book, before === undefined ? step.turn : { ...step.turn, before });
  } catch (error) {
    onProblem(error);
    return step.begins ? rememberTurn(book, step.turn) : book;
  }
}
