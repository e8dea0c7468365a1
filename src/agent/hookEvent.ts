import * as z from 'zod';
import { normalizeLabel } from '../core/label.ts';

/** The agents whose hooks are understood, by their names on the command line. */
export const HOOK_AGENTS = ['claude', 'copilot', 'gemini', 'codex', 'docker-agent'] as const;

export type HookAgent = (typeof HOOK_AGENTS)[number];

/** What a hook's event means for checkpoints. */
export interface HookEvent {
  /** A session that ends closes a turn that was never told to have ended. */
  readonly kind: 'turnStart' | 'turnEnd' | 'sessionEnd';
  readonly session: string;
  /** The folder that the agent works in, where it says so. */
  readonly cwd: string | undefined;
  /** What the user asked for. */
  readonly prompt: string | undefined;
  /** Another hook made the agent go on after the turn had ended once. */
  readonly resumed: boolean;
}

type Kind = HookEvent['kind'];

/**
 * Which events begin and end a turn. Sources: Claude Code's, Gemini CLI's and docker-agent's hooks references, GitHub's
 * hooks reference for Copilot and VS Code's page on agent hooks, and the JSON schemas in Codex' repository. Events of tools
 * and of sub-agents are within a turn, so they mean nothing here.
 */
const EVENTS: Readonly<Record<HookAgent, Readonly<Record<string, Kind>>>> = {
  claude: { UserPromptSubmit: 'turnStart', Stop: 'turnEnd', StopFailure: 'turnEnd', SessionEnd: 'sessionEnd' },
  copilot: { UserPromptSubmit: 'turnStart', Stop: 'turnEnd', SessionEnd: 'sessionEnd' },
  gemini: { BeforeAgent: 'turnStart', AfterAgent: 'turnEnd', SessionEnd: 'sessionEnd' },
  codex: { UserPromptSubmit: 'turnStart', Stop: 'turnEnd', StopFailure: 'turnEnd' },
  'docker-agent': {
    user_prompt_submit: 'turnStart',
    stop: 'turnEnd',
    turn_end: 'turnEnd',
    session_end: 'sessionEnd',
  },
};

/** docker-agent calls every model call a turn; after these reasons the same prompt goes on. */
const GOES_ON: readonly (string | undefined)[] = ['continue', 'steered'];

const TEXT = z.string().optional().catch(undefined);

/** VS Code writes the names of the common fields in camel case, Copilot's other surfaces with underscores. */
const EVENT = z
  .object({
    hook_event_name: TEXT,
    hookEventName: TEXT,
    session_id: TEXT,
    sessionId: TEXT,
    cwd: TEXT,
    prompt: TEXT,
    reason: TEXT,
    stop_hook_active: z.boolean().catch(false),
    /** Only events of sub-agents have one. */
    agent_id: TEXT,
  })
  .transform(({ hook_event_name, hookEventName, session_id, sessionId, ...others }) => ({
    ...others,
    name: hook_event_name ?? hookEventName ?? '',
    session: normalizeLabel(session_id ?? sessionId ?? ''),
  }));

/** What the text on a hook's standard input means; undefined for everything that is no boundary of a turn. */
export function parseHookEvent(agent: HookAgent, text: string): HookEvent | undefined {
  const { data } = EVENT.safeParse(parseJson(text));
  if (data === undefined || data.session === '' || data.agent_id !== undefined) {
    return undefined;
  }
  const { name, session, cwd, prompt, reason, stop_hook_active } = data;
  const kind = kindOf(agent, name, reason);
  return kind && { kind, session, resumed: stop_hook_active, cwd, prompt };
}

function kindOf(agent: HookAgent, name: string, reason: string | undefined): Kind | undefined {
  const isBoundary = Object.hasOwn(EVENTS[agent], name) && !(name === 'turn_end' && GOES_ON.includes(reason));
  return isBoundary ? EVENTS[agent][name] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
