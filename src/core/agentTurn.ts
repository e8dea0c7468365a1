/** What is known of the turn of an agent that a checkpoint belongs to. */
export interface AgentTurn {
  /** The agent's name on the command line: `claude`, `copilot`, … */
  readonly agent: string;
  readonly session: string;
  /** Counted from 1 within the session. */
  readonly turn: number;
  /** The beginning of what the user asked for, on one line; may be empty. */
  readonly prompt: string;
  /** Id of the checkpoint with the state before the turn, where there is one. */
  readonly before?: string;
}

const FIELDS = { Agent: 'agent', Session: 'session', Turn: 'turn', Before: 'before', Prompt: 'prompt' } as const;

/** The note of a checkpoint that holds what a turn left: one `Name: value` a line, so that every store can keep it. */
export function noteOfTurn(turn: AgentTurn): string {
  return Object.entries(FIELDS)
    .flatMap(([name, field]) => (turn[field] === undefined ? [] : [`${name}: ${turn[field]}`]))
    .join('\n');
}

/** The turn that a note tells of; undefined for any other note. */
export function turnOfNote(note: string): AgentTurn | undefined {
  const values = new Map(
    note.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const [agent, session, before] = [values.get('Agent'), values.get('Session'), values.get('Before')];
  const turn = Number(values.get('Turn'));
  if (agent === undefined || session === undefined || !Number.isSafeInteger(turn) || turn < 1) {
    return undefined;
  }
  return { agent, session, turn, prompt: values.get('Prompt') ?? '', ...(before === undefined ? {} : { before }) };
}
