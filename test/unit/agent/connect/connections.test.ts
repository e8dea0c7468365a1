import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { agentConnections } from '../../../../src/agent/connect/connections.ts';
import type { ConnectionFile } from '../../../../src/agent/connect/agentConnection.ts';

const LAUNCHER = { path: "/home/o'neil/bin dir/checkpoints", isWindows: false };
const ALL = agentConnections(LAUNCHER);
const FILES = ALL.flatMap(({ id, files }) => files.map((file) => ({ id, file })));

function file(id: string, path: string): ConnectionFile {
  const found = FILES.find((each) => each.id === id && each.file.path === path);
  assert.ok(found !== undefined);
  return found.file;
}

function kindOf({ path }: ConnectionFile): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Comes back as it was, also when it is connected twice. */
function assertReversible(each: ConnectionFile, text: string | undefined): void {
  const connected = each.connect(text);
  assert.notEqual(connected, text);
  assert.equal(each.connect(connected), connected, 'connected twice');
  assert.equal(each.disconnect(connected), text, connected);
  assert.equal(each.disconnect(text), text);
}

/** What people and other tools have in such files. */
const PRESENT: Readonly<Record<string, readonly string[]>> = {
  json: [
    '',
    ' \n',
    '{}',
    '{}\n',
    '{ }\n',
    '{\n}\n',
    '{"a":1}',
    '{\n    "a": 1\n}\n',
    '{\r\n\t"a": [1, 2],\r\n\t"b": {}\r\n}\r\n',
    '\uFEFF{"a": 1}',
    '// mine\n{ // open\n  "a": 1, // one\n  /* two */ "b": {"c": []},\n}\n// end\n',
    '{\n  "hooks": {},\n  "mcpServers": {},\n  "mcp": { }\n}\n',
    '{"hooks":{"Stop":[],"AfterAgent":[{"hooks":[{"type":"command","command":"other"}]}]},"mcpServers":{"x":{"command":"y"}}}',
    '{\n  "mcpServers": {\n    "other": { "command": "x" } // theirs\n  },\n  "mcp": {\n    // nothing yet\n  }\n}',
  ],
  toml: [
    '',
    '\n',
    '# only a comment',
    'model = "x"',
    'model = "x"\n\n[mcp_servers.other]\ncommand = "y"\n',
    'a = 1\r\n',
  ],
  yaml: [
    '',
    '\n',
    '# only a comment\n',
    'aliases:\n  a: b',
    'aliases: {a: b}\nsettings:\n  theme: x # mine\n  lean: false\n\nboard: {}\n',
    'settings:\r\n    hooks:\r\n        stop:\r\n          - type: command\r\n            command: x\r\n',
    'settings:\n  # mine\n  hooks:\n    # theirs\n    stop: []\n',
  ],
};

describe('Connecting an agent', () => {
  it('is offered for every agent, with its files', () => {
    assert.deepEqual(
      ALL.map(({ name, files }) => `${name}: ${files.map(({ path }) => path).join(', ')}`),
      [
        'Claude Code: .claude/settings.json, .claude.json',
        'GitHub Copilot: .copilot/hooks/checkpoints.json, .copilot/mcp-config.json',
        'Gemini CLI: .gemini/settings.json',
        'Codex: .codex/hooks.json, .codex/config.toml',
        'opencode: .config/opencode/opencode.json',
        'Cline: .cline/data/settings/cline_mcp_settings.json',
        'docker-agent: .config/cagent/config.yaml',
      ],
    );
  });

  for (const { id, file: each } of FILES) {
    it(`writes ${each.path} for ${id} so that disconnecting gives the same bytes`, () => {
      assertReversible(each, undefined);
      for (const text of PRESENT[kindOf(each)] ?? []) {
        assertReversible(each, text);
      }
    });
  }

  it('gives the same bytes for any JSON in any style', () => {
    const names = fc.constantFrom('hooks', 'mcpServers', 'mcp', 'other', 'Stop', 'SessionEnd', 'UserPromptSubmit');
    const things = fc.dictionary(
      names,
      fc.oneof(fc.constant({}), fc.dictionary(names, fc.constantFrom<unknown>([], {}, [{}], 1))),
    );
    const styles = fc.constantFrom<string | number>(0, 1, 2, 4, '\t');
    const json = FILES.map((each) => each.file).filter((each) => kindOf(each) === 'json');
    fc.assert(
      fc.property(things, styles, fc.constantFrom('', '\n'), fc.constantFrom(...json), (thing, style, end, each) => {
        const text = JSON.stringify(thing, undefined, style) + end;
        try {
          each.connect(text);
        } catch {
          // Something else is where ours would be; that is another test.
          return;
        }
        assertReversible(each, text);
      }),
    );
  });

  it('writes what the agents read', () => {
    const quoted = String.raw`'/home/o'\''neil/bin dir/checkpoints'`;
    const claude = { hooks: [{ type: 'command', command: `${quoted} hook claude`, timeout: 30 }] };
    assert.deepEqual(JSON.parse(file('claude', '.claude/settings.json').connect('{"hooks":{"Stop":[1]}}')), {
      hooks: { UserPromptSubmit: [claude], Stop: [claude, 1], SessionEnd: [claude] },
    });
    assert.deepEqual(JSON.parse(file('claude', '.claude.json').connect(undefined)), {
      mcpServers: { checkpoints: { type: 'stdio', command: LAUNCHER.path, args: ['mcp'] } },
    });
    const copilot = JSON.parse(file('copilot', '.copilot/hooks/checkpoints.json').connect(undefined)) as object;
    assert.deepEqual(Object.keys(copilot).toSorted(), ['hooks', 'version']);
    assert.deepEqual(structuredClone(parseToml(file('codex', '.codex/config.toml').connect('a = 1\n'))), {
      a: 1,
      mcp_servers: { checkpoints: { command: LAUNCHER.path, args: ['mcp'] } },
    });
    assert.deepEqual(
      parseYaml(file('docker-agent', '.config/cagent/config.yaml').connect('settings:\n  lean: true\n')),
      {
        settings: {
          hooks: Object.fromEntries(
            ['user_prompt_submit', 'turn_end', 'session_end'].map((event) => [
              event,
              [{ type: 'command', command: `${quoted} hook docker-agent` }],
            ]),
          ),
          lean: true,
        },
      },
    );
    const windows = agentConnections({ path: String.raw`C:\x y\checkpoints.cmd`, isWindows: true });
    for (const { files } of windows) {
      for (const each of files) {
        assertReversible(each, undefined);
      }
    }
  });

  it('disconnects what was moved, formatted anew, or written with another path', () => {
    const each = file('claude', '.claude/settings.json');
    const other = agentConnections({ path: '/elsewhere/checkpoints', isWindows: false })[0]?.files[0];
    const connected = other?.connect('{"a":1,"hooks":{"Stop":[{"hooks":[]}]}}') ?? '';
    const moved = JSON.parse(connected) as { hooks: { Stop: unknown[] } };
    moved.hooks.Stop.reverse();
    const left = each.disconnect(JSON.stringify({ ...moved, last: true }, undefined, 4)) ?? '';
    assert.deepEqual(JSON.parse(left), { a: 1, hooks: { Stop: [{ hooks: [] }] }, last: true });
  });

  it('refuses malformed files, and what somebody else named like ours', () => {
    const wrong: Readonly<Record<string, readonly string[]>> = {
      json: [
        '{',
        '[]',
        '3',
        '{"a":}',
        '{"a":1}}',
        '{"hooks": 1, "mcpServers": 1, "mcp": 1}',
        '{"hooks": [], "mcpServers": [], "mcp": []}',
      ],
      toml: ['a = ', '[mcp_servers.checkpoints]\ncommand = "theirs"\n', 'a = 1\na = 2\n'],
      yaml: ['a: [', '- a\n', 'settings: {lean: true}\n', 'settings:\n  hooks:\n    turn_end: []\n', 'settings: 3\n'],
    };
    for (const { file: each } of FILES) {
      for (const text of wrong[kindOf(each)] ?? []) {
        assert.throws(
          () => each.connect(text),
          { name: 'CheckpointError', reason: 'conflict' },
          `${each.path}: ${text}`,
        );
      }
    }
    assert.throws(
      () =>
        file('cline', '.cline/data/settings/cline_mcp_settings.json').connect(
          '{"mcpServers":{"checkpoints":{"command":"x"}}}',
        ),
      {
        reason: 'conflict',
      },
    );
  });
});
