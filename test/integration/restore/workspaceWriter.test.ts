import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import fc from 'fast-check';
import {
  at,
  file,
  folder,
  link,
  renderFolder,
  writeTree,
  type NodeLiteral,
  type TreeLiteral,
} from '../../support/folderTree.ts';
import { applySteps, differenceOf, MemoryContents } from '../../support/restoreWorld.ts';

const BAD_BYTE = 'b\uDCFFd';
const names = fc.constantFrom(
  'a',
  'b',
  'C',
  'x y',
  '"q"',
  '-n',
  ' tail ',
  'tab\tline\n',
  ':(top)x',
  '*',
  '[a]',
  BAD_BYTE,
  'ü',
  'n'.repeat(255),
);
const modes = fc.constantFrom(0o644, 0o755, 0o600, 0o400, 0o664, 0o4755);
const node: fc.Arbitrary<NodeLiteral> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.uint8Array({ maxLength: 40 }), modes).map(([bytes, mode]) => file(bytes, mode)) },
  { weight: 1, arbitrary: fc.constantFrom('a', '../outside', '/etc/passwd', 'missing').map(link) },
  { weight: 1, arbitrary: fc.constantFrom(0o755, 0o700, 0o775).map(folder) },
);
const tree = fc.array(fc.tuple(fc.array(names, { minLength: 1, maxLength: 3 }), node), { maxLength: 14 }).map(asTree);

/** Keeps what can exist side by side: no path below a file or a link. */
function asTree(nodes: readonly (readonly [readonly string[], NodeLiteral])[]): TreeLiteral {
  const result: Record<string, NodeLiteral> = {};
  const isFolder = (literal: NodeLiteral): boolean => typeof literal === 'object' && 'folder' in literal;
  for (const [parts, literal] of nodes) {
    const path = parts.join('/');
    const above = Object.entries(result).some(([other, its]) => path.startsWith(`${other}/`) && !isFolder(its));
    const below = Object.keys(result).some((other) => other.startsWith(`${path}/`)) && !isFolder(literal);
    if (!above && !below && !(path in result)) {
      result[path] = literal;
    }
  }
  return result;
}

describe('Writing a plan into a workspace', () => {
  let root: string;

  beforeEach(async () => {
    root = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
    await writeTree(root, { outside: 'outside' });
  });

  afterEach(() => fs.rm(root, { recursive: true, force: true }));

  async function world(name: string, tree: TreeLiteral): Promise<string> {
    const place = `${root}/${name}`;
    await fs.rm(place, { recursive: true, force: true });
    await fs.mkdir(place);
    await writeTree(place, tree);
    return place;
  }

  it('turns any tree into any other, to the byte, bit and link, and touches nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, tree, async (now, target, both) => {
        const contents = new MemoryContents();
        const here = await world('workspace', merge(now, both));
        const there = await world('target', merge(target, both));
        const [from, to] = [await contents.capture(here), await contents.capture(there)];
        const steps = differenceOf(from, to);
        const untouched = [...from.keys()].filter(
          (path) => from.get(path)?.type !== 'folder' && !steps.some((step) => step.path === path),
        );
        const stats = await statsOf(here, untouched);

        const report = await applySteps(here, contents, steps, to);

        assert.deepEqual(report.failed, []);
        assert.equal(await renderFolder(here), await renderFolder(there));
        assert.deepEqual(await statsOf(here, untouched), stats);
        assert.equal(await fs.readFile(`${root}/outside`, 'utf8'), 'outside');
        assert.deepEqual([...report.restored, ...report.deleted].toSorted(), steps.map(({ path }) => path).toSorted());
      }),
      { numRuns: 150 },
    );
  });
});

function merge(first: TreeLiteral, second: TreeLiteral): TreeLiteral {
  return asTree(
    [...Object.entries(second), ...Object.entries(first)].map(([path, literal]) => [path.split('/'), literal]),
  );
}

async function statsOf(root: string, paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const stat = await fs.lstat(at(root, path), { bigint: true });
      return `${path} ${stat.ino} ${stat.mtimeNs}`;
    }),
  );
}
