/**
 * Checkpoints our way beside the ways of other tools, on one generated tree, in one interleaved run. Quote ratios, not
 * times. `--files N` (default 100000), `--rounds N` (default 5), `--json FILE`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireCapability } from '../../src/core/capabilities.ts';
import { measure, type Sample } from './measure.ts';
import { addAndCommit, dockerAgent, opencode, ShadowGit } from './otherWays.ts';
import { ourWay } from './ourWay.ts';
import { formatTable, type Row } from './report.ts';
import { changeFiles, fileName, makeTree } from './tree.ts';
import type { Way } from './way.ts';

/**
 * Above this a long list of paths takes git minutes (paths × index): docker-agent's first capture, and opencode's capture
 * after a restore, which touches every file. Both are left out then.
 */
const LONG_LIST_LIMIT = 20_000;
const HISTORY_CHECKPOINTS = 1000;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});
const files = Number(values.files);
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), 'snapshot-timeline-bench-'));
const root = join(folder, 'tree');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env['HOME'] = folder;

console.log(`Making ${files} files …`);
makeTree(root, files);
const ours = ourWay(root, folder);
const others = [addAndCommit(root, folder), dockerAgent(root, folder), opencode(root, folder)];
const all: readonly Way[] = [ours, ...others];

const rows: Row[] = [await firsts()];
for (const way of all) {
  await way.capture();
}
rows.push(
  await captures('1 changed', 1),
  await captures('none changed', 0),
  await captures('1,000 changed', 1000),
  await restores('restore 1 (after the safety capture)', 1),
  await restores('restore 1,000 (after the safety capture)', 1000),
  await history(),
);
console.log(`\n${files} files, ${rounds} rounds\n${formatTable(rows, ours.name)}`);
if (values.json !== undefined) {
  const plain = rows.map((row) => ({ operation: row.operation, samples: Object.fromEntries(row.samples) }));
  writeFileSync(values.json, `${JSON.stringify({ files, rounds, rows: plain }, null, 1)}\n`);
}
ours.store().dispose();

/** Every way in turn, round by round. */
async function interleave(
  operation: string,
  ways: readonly Way[],
  times: number,
  turn: (way: Way, round: string) => Promise<Sample>,
): Promise<Row> {
  const samples = new Map<string, Sample[]>(ways.map((way) => [way.name, []]));
  for (let round = 0; round < times; round += 1) {
    for (const way of ways) {
      samples.get(way.name)?.push(await turn(way, `${operation} ${round} ${way.name}`));
    }
  }
  const row = { operation, samples };
  console.log(formatTable([row], ours.name));
  return row;
}

async function firsts(): Promise<Row> {
  const ways = all.filter((way) => way.name !== 'docker-agent' || files <= LONG_LIST_LIMIT);
  // The common way writes every object: once is enough to see it, and more would fill the disk.
  const row = await interleave('first', ways, 1, (way) => measure(() => way.first()));
  for (const way of all.filter((candidate) => !ways.includes(candidate))) {
    await seedCheaply(way);
  }
  return row;
}

/** Gives a way whose first capture is left out a store to go on from: one `add -A`. */
async function seedCheaply(way: Way): Promise<void> {
  await way.reset();
  await new ShadowGit(root, join(folder, way.name)).git(['add', '-A']);
}

async function captures(operation: string, count: number): Promise<Row> {
  return interleave(operation, all, rounds, async (way, round) => {
    if (count > 0) {
      changeFiles(root, files, count, round);
    }
    return measure(() => way.capture());
  });
}

async function restores(operation: string, count: number): Promise<Row> {
  const ways = all.filter((way) => way.name !== 'opencode' || files <= LONG_LIST_LIMIT);
  return interleave(operation, ways, Math.min(rounds, 3), async (way, round) => {
    await way.capture();
    await way.mark();
    const changed = changeFiles(root, files, count, round);
    await way.capture();
    return measure(() => way.restore(changed));
  });
}

async function history(): Promise<Row> {
  const create = requireCapability(ours.store().capabilities.create);
  for (let index = 0; index < HISTORY_CHECKPOINTS; index += 1) {
    if (index % 10 === 0) {
      changeFiles(root, files, 1, `history ${index}`);
    }
    await create({ origin: 'auto' });
  }
  const access = requireCapability(ours.store().capabilities.files);
  return interleave(`file history over ${HISTORY_CHECKPOINTS} checkpoints`, [ours], rounds, () =>
    measure(() => access.history(fileName(5))),
  );
}
