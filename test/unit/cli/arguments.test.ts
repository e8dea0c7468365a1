import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseArguments, usageOf, wantsJson } from '../../../src/cli/arguments.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';

/** What the arguments mean, as text. */
function parse(line: string): string {
  const request = parseArguments(COMMANDS, line.split(' ').filter(Boolean));
  if (request.kind === 'help') {
    return request.wanted ? 'help' : 'nothing';
  }
  const { operands, options, directory, store, json, afterDashes } = request.given;
  const globals = [
    directory === '.' ? '' : `in ${directory}`,
    store === undefined ? '' : `of ${store}`,
    json ? 'as json' : '',
  ];
  const dashes = afterDashes === 0 ? '' : `${afterDashes} after dashes`;
  const own = Object.keys(options).length === 0 ? '' : JSON.stringify(options);
  return [request.command.name, ...operands, own, dashes, ...globals].filter(Boolean).join(' ');
}

describe('the arguments', () => {
  it('take global options anywhere', () => {
    const lines = ['-C d --json list', 'list -C d --json', 'list --json -C d', '--json list -C d', 'list --json -Cd'];
    assert.deepEqual(new Set(lines.map(parse)), new Set(['list in d as json']));
    assert.equal(parse('cat --store s a b --json'), 'cat a b of s as json');
  });

  it('take options of a command and operands in any order', () => {
    assert.equal(parse('restore a --path b c --yes'), 'restore a {"path":["b","c"],"yes":true}');
    assert.equal(parse('restore --path=-b --yes a'), 'restore a {"path":["-b"],"yes":true}');
    assert.equal(parse('restore a --path b --path c'), 'restore a {"path":["b","c"]}');
    assert.equal(parse('create --if-changed x --origin agent'), 'create x {"ifChanged":true,"origin":"agent"}');
  });

  it('take what follows two dashes as it is', () => {
    assert.equal(parse('diff a b -- -x --json'), 'diff a b -x --json 2 after dashes');
    assert.equal(parse('cat a -- -rf'), 'cat a -rf 1 after dashes');
    assert.equal(wantsJson(['diff', 'a', '--', '--json']), false);
    assert.equal(wantsJson(['diff', '--json', '--', 'a']), true);
  });

  it('ask for help in every usual way', () => {
    for (const line of ['--help', '-h', 'help', 'help create', 'create --help', 'create -h', '-C d create --help']) {
      assert.equal(parse(line), 'help', line);
    }
    assert.deepEqual(['', '-C d'].map(parse), ['nothing', 'nothing']);
  });

  it('that make no sense are refused with a sentence', () => {
    const lines = ['nope', 'lst', 'show', 'show a b', 'list --bad', 'create --origin safety', '-C', 'show --'];
    const messages = lines.map((line) => {
      try {
        return parse(line);
      } catch (error) {
        return error instanceof Error && 'reason' in error ? `${String(error.reason)}: ${error.message}` : error;
      }
    });
    assert.deepEqual(messages, [
      `usage: Unknown command 'nope'. Did you mean note?`,
      `usage: Unknown command 'lst'. Did you mean list?`,
      `usage: Missing required argument 'CP'.`,
      `usage: Too many arguments for 'show'. Expected 1 argument but got 2: a, b.`,
      `usage: Unknown option '--bad'.`,
      `usage: Option '--origin <WHO>' argument 'safety' is invalid. Allowed choices are manual, auto, agent.`,
      `usage: Option '-C <DIR>' argument missing.`,
      `usage: Missing required argument 'CP'.`,
    ]);
  });
});

describe('the help', () => {
  it('lists every command with its operands', () => {
    const request = parseArguments(COMMANDS, ['--help']);
    assert.ok(request.kind === 'help');
    for (const { name, operands, summary } of COMMANDS) {
      assert.ok(request.text.includes(`  ${name} ${operands}`.trimEnd()), name);
      assert.ok(request.text.replaceAll(/\s+/g, ' ').includes(summary), name);
    }
  });

  it('of every command says what it does, with its options and one example that works', () => {
    for (const command of COMMANDS) {
      const request = parseArguments(COMMANDS, [command.name, '--help']);
      assert.ok(request.kind === 'help');
      for (const part of [command.summary, usageOf(command), `checkpoints ${command.example}`]) {
        assert.ok(request.text.includes(part), `${command.name}: ${part}`);
      }
      const example = command.example.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? [];
      const meant = parseArguments(COMMANDS, example);
      assert.equal(meant.kind === 'call' && meant.command.name, command.name);
    }
  });

  it('fits on a terminal', () => {
    const lines = COMMANDS.flatMap(({ name }) => {
      const request = parseArguments(COMMANDS, ['help', name]);
      return request.kind === 'help' ? request.text.split('\n') : [];
    });
    assert.deepEqual(
      lines.filter((line) => line.length > 110),
      [],
    );
  });
});
