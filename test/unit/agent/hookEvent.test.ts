import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { HOOK_AGENTS, type HookAgent, parseHookEvent } from '../../../src/agent/hookEvent.ts';

/** What an event means, as text. */
function meaning(agent: HookAgent, event: unknown): string {
  const parsed = parseHookEvent(agent, JSON.stringify(event));
  if (parsed === undefined) {
    return 'nothing';
  }
  const { kind, session, cwd, prompt, resumed } = parsed;
  return [kind, session, cwd ?? '-', prompt ?? '-', ...(resumed ? ['resumed'] : [])].join(' ');
}

describe('Hook events', () => {
  it('of Claude Code are understood', () => {
    const common = { session_id: 's1', transcript_path: '/t.jsonl', cwd: '/w', permission_mode: 'default' };
    const tool = { tool_name: 'Write', tool_input: { file_path: '/w/a' }, tool_use_id: 't1' };
    assert.deepEqual(
      [
        { ...common, hook_event_name: 'UserPromptSubmit', prompt: 'fix it' },
        { ...common, hook_event_name: 'Stop', stop_hook_active: false, last_assistant_message: 'done' },
        { ...common, hook_event_name: 'Stop', stop_hook_active: true },
        { ...common, hook_event_name: 'SessionEnd', reason: 'clear' },
        { ...common, hook_event_name: 'SessionStart', source: 'startup' },
        { ...common, hook_event_name: 'PreToolUse', ...tool },
        { ...common, hook_event_name: 'PostToolUse', ...tool },
        { ...common, hook_event_name: 'SubagentStop', agent_id: 'a1', agent_type: 'Explore' },
        { ...common, hook_event_name: 'Stop', agent_id: 'a1', agent_type: 'Explore' },
        { ...common, hook_event_name: 'Stop', agent_type: 'reviewer' },
      ].map((event) => meaning('claude', event)),
      [
        'turnStart s1 /w fix it',
        'turnEnd s1 /w -',
        'turnEnd s1 /w - resumed',
        'sessionEnd s1 /w -',
        ...Array.from({ length: 5 }, () => 'nothing'),
        'turnEnd s1 /w -',
      ],
    );
  });

  it('of Copilot are understood, from VS Code and from its command line', () => {
    const code = { timestamp: '2026-02-09T10:30:00.000Z', cwd: '/w', sessionId: 's1', transcript_path: '/t.json' };
    const commandLine = { session_id: 's2', timestamp: '2026-02-09T10:30:00.000Z', cwd: '/w' };
    assert.deepEqual(
      [
        { ...code, hookEventName: 'UserPromptSubmit', prompt: 'fix it' },
        { ...code, hookEventName: 'Stop', stop_hook_active: false },
        { ...code, hookEventName: 'PreToolUse', tool_name: 'editFiles', tool_input: { files: ['a'] } },
        { ...commandLine, hook_event_name: 'UserPromptSubmit', prompt: 'fix it' },
        { ...commandLine, hook_event_name: 'Stop', stop_reason: 'end_turn', stop_hook_active: false },
        { ...commandLine, hook_event_name: 'SubagentStop', agent_id: 'a', agent_type: 'x', stop_reason: 'end_turn' },
        { ...commandLine, hook_event_name: 'SessionEnd', reason: 'complete' },
      ].map((event) => meaning('copilot', event)),
      [
        'turnStart s1 /w fix it',
        'turnEnd s1 /w -',
        'nothing',
        'turnStart s2 /w fix it',
        'turnEnd s2 /w -',
        'nothing',
        'sessionEnd s2 /w -',
      ],
    );
  });

  it('of Gemini CLI are understood', () => {
    const common = { session_id: 's1', transcript_path: '/t.json', cwd: '/w', timestamp: '2026-02-09T10:30:00.000Z' };
    assert.deepEqual(
      [
        { ...common, hook_event_name: 'BeforeAgent', prompt: 'fix it' },
        { ...common, hook_event_name: 'AfterAgent', prompt: 'fix it', prompt_response: 'ok', stop_hook_active: false },
        { ...common, hook_event_name: 'AfterModel', llm_request: {}, llm_response: {} },
        { ...common, hook_event_name: 'AfterTool', tool_name: 'write_file', tool_input: {}, tool_response: {} },
        { ...common, hook_event_name: 'SessionEnd', reason: 'exit' },
      ].map((event) => meaning('gemini', event)),
      ['turnStart s1 /w fix it', 'turnEnd s1 /w fix it', 'nothing', 'nothing', 'sessionEnd s1 /w -'],
    );
  });

  it('of Codex are understood', () => {
    const common = {
      session_id: 's1',
      turn_id: 't1',
      transcript_path: null,
      cwd: '/w',
      model: 'm',
      permission_mode: 'default',
    };
    assert.deepEqual(
      [
        { ...common, hook_event_name: 'UserPromptSubmit', prompt: 'fix it' },
        { ...common, hook_event_name: 'Stop', stop_hook_active: false, last_assistant_message: null },
        { ...common, hook_event_name: 'PostToolUse', tool_name: 'shell', tool_input: {}, tool_response: {} },
      ].map((event) => meaning('codex', event)),
      ['turnStart s1 /w fix it', 'turnEnd s1 /w -', 'nothing'],
    );
  });

  it('of docker-agent are understood, where a model call is not yet a turn', () => {
    const common = { session_id: 's1', cwd: '/w' };
    const end = { ...common, hook_event_name: 'turn_end', agent_name: 'root' };
    assert.deepEqual(
      [
        { ...common, hook_event_name: 'user_prompt_submit', prompt: 'fix it' },
        { ...common, hook_event_name: 'turn_start' },
        { ...end, reason: 'continue' },
        { ...end, reason: 'steered' },
        { ...end, reason: 'normal' },
        { ...end, reason: 'canceled' },
        { ...common, hook_event_name: 'stop', agent_name: 'root', stop_response: 'done' },
        { ...common, hook_event_name: 'subagent_stop', agent_name: 'helper', parent_session_id: 's1' },
        { ...common, hook_event_name: 'session_end', reason: 'other' },
      ].map((event) => meaning('docker-agent', event)),
      [
        'turnStart s1 /w fix it',
        'nothing',
        'nothing',
        'nothing',
        'turnEnd s1 /w -',
        'turnEnd s1 /w -',
        'turnEnd s1 /w -',
        'nothing',
        'sessionEnd s1 /w -',
      ],
    );
  });

  it('mean nothing when they are not of that agent, lack a session, or are no events', () => {
    const prompt = { hook_event_name: 'UserPromptSubmit', prompt: 'x' };
    assert.deepEqual(
      [
        meaning('gemini', { ...prompt, session_id: 's' }),
        meaning('claude', prompt),
        meaning('claude', { ...prompt, session_id: 7 }),
        meaning('claude', { hook_event_name: 'constructor', session_id: 's' }),
        meaning('claude', [prompt]),
        meaning('claude', null),
      ],
      Array.from({ length: 6 }, () => 'nothing'),
    );
  });

  it('are never a reason to fail, whatever the text is', () => {
    const texts = fc.oneof(fc.string({ unit: fc.constantFrom('{', '}', '"', ':', 'a', '\0', '\ud800') }), fc.json());
    fc.assert(
      fc.property(fc.constantFrom(...HOOK_AGENTS), texts, (agent, text) => {
        assert.equal(parseHookEvent(agent, text), undefined);
      }),
    );
  });
});
