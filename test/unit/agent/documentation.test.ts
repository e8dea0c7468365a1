import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'mocha';
import { agentConnections } from '../../../src/agent/connect/connections.ts';
import { HOOK_AGENTS } from '../../../src/agent/hookEvent.ts';
import { AGENT_TOOLS } from '../../../src/agent/tools.ts';

const FOLDER = resolve(import.meta.dirname, '../../../docs/agents');
const PAGES = new Map(
  globSync('*.md', { cwd: FOLDER }).map((name) => [name, readFileSync(resolve(FOLDER, name), 'utf8')]),
);
const INDEX = PAGES.get('README.md') ?? '';

describe('The pages about agents', () => {
  it('name every tool with its arguments', () => {
    const rows = INDEX.split('\n').filter((line) => line.startsWith('| `snapshots_'));
    const documented = rows.map((row) => {
      const [, name, args] = row.split('|').map((cell) => cell.replaceAll(/[` ]/g, ''));
      return `${name}: ${args?.split(',').filter(Boolean).toSorted().join(', ')}`;
    });
    const known = AGENT_TOOLS.map(({ name, input }) => `${name}: ${Object.keys(input.shape).toSorted().join(', ')}`);
    assert.deepEqual(
      documented,
      known.toSorted((a, b) => documented.indexOf(a) - documented.indexOf(b)),
    );
  });

  it('are linked from the first one, and show a hook for every agent that has some', () => {
    const others = [...PAGES.keys()].filter((name) => name !== 'README.md');
    assert.deepEqual(
      others.filter((name) => !INDEX.includes(`(${name})`)),
      [],
    );
    const all = [...PAGES.values()].join('\n');
    assert.deepEqual(
      HOOK_AGENTS.filter((agent) => !all.includes(`checkpoints hook ${agent}`)),
      [],
    );
  });

  it('name every file that connecting an agent writes', () => {
    const all = [...PAGES.values()].join('\n');
    const paths = agentConnections({ path: '/checkpoints', isWindows: false }).flatMap(({ files }) => files);
    assert.ok(paths.length > 8);
    assert.deepEqual(
      paths.filter(({ path }) => !all.includes(`~/${path}`)),
      [],
    );
  });

  it('hold configuration that is JSON where it says so', () => {
    const blocks = [...PAGES.values()].flatMap((text) =>
      [...text.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1] ?? ''),
    );
    assert.ok(blocks.length > 5);
    for (const block of blocks) {
      assert.doesNotThrow(() => JSON.parse(block), block);
    }
  });
});
