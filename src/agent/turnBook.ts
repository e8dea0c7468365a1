import { type AgentTurn, noteOfTurn } from '../core/agentTurn.ts';
import type { CreateRequest } from '../core/store.ts';
import type { HookAgent, HookEvent } from './hookEvent.ts';

/** The last turn of one session of an agent. */
export interface KnownTurn extends AgentTurn {
  /** Whether it began and did not end yet. */
  readonly isOpen: boolean;
}

/** The last turns of the sessions that worked in a folder, the one that was active last at the end. */
export type TurnBook = readonly KnownTurn[];

/** What an event asks for. */
export interface TurnStep {
  readonly turn: KnownTurn;
  /** The checkpoint to make if something changed. */
  readonly capture: CreateRequest;
  /** Whether the newest checkpoint is the state before the turn once that is done. */
  readonly begins: boolean;
}

const LONGEST_BOOK = 50;
const LONGEST_PROMPT = 300;
const LONGEST_TITLE = 60;

/**
 * What to do about an event; undefined for an end of a turn whose beginning nobody saw: that is a sub-agent's, or was told
 * already. A turn that begins while the one before is still open (the user stopped it) gives that one its checkpoint;
 * else the user's own edits since get one, so that the turn's checkpoint holds only what the turn did.
 */
export function nextStep(book: TurnBook, agent: HookAgent, event: HookEvent): TurnStep | undefined {
  const known = book.find((turn) => turn.agent === agent && turn.session === event.session);
  if (event.kind === 'turnStart') {
    return beginTurn(known, agent, event);
  }
  const continues = event.kind === 'turnEnd' && event.resumed;
  if (known === undefined || !(known.isOpen || continues)) {
    return undefined;
  }
  return { turn: { ...known, isOpen: false }, capture: captureAfter(known), begins: false };
}

function beginTurn(known: KnownTurn | undefined, agent: HookAgent, { session, prompt = '' }: HookEvent): TurnStep {
  const turn: KnownTurn = {
    agent,
    session,
    turn: (known?.turn ?? 0) + 1,
    prompt: shorten(prompt, LONGEST_PROMPT),
    isOpen: true,
  };
  const capture: CreateRequest =
    known?.isOpen === true
      ? captureAfter(known)
      : { origin: 'auto', label: `before ${titleOf(turn)}`, ifChanged: true };
  return { turn, capture, begins: true };
}

/** The book with the turn as the last one of its session. */
export function rememberTurn(book: TurnBook, turn: KnownTurn): TurnBook {
  const others = book.filter(({ agent, session }) => agent !== turn.agent || session !== turn.session);
  return [...others, turn].slice(-LONGEST_BOOK);
}

function captureAfter(turn: KnownTurn): CreateRequest {
  return { origin: 'agent', label: titleOf(turn), note: noteOfTurn(turn), ifChanged: true };
}

/** `turn 3: fix the login form…` */
function titleOf({ turn, prompt }: AgentTurn): string {
  return prompt === '' ? `turn ${turn} of an agent` : `turn ${turn}: ${shorten(prompt, LONGEST_TITLE)}`;
}

function shorten(text: string, longest: number): string {
  const oneLine = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  // Two units at most make a character; a prompt may be very long.
  const characters = [...oneLine.slice(0, 2 * longest + 2)];
  return characters.length <= longest
    ? characters.join('')
    : `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}
