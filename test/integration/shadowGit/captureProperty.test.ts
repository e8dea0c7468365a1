import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import fc from 'fast-check';
import { readState } from '../../../src/backends/shadowGit/state/stateTree.ts';
import { makeCaptureBench, settledClock } from '../../support/captureBench.ts';
import type { CaptureBench } from '../../support/captureBench.ts';
import { at, file, folder, link, removeTree, writeTree } from '../../support/folderTree.ts';
import type { NodeLiteral } from '../../support/folderTree.ts';

const NAMES = [
  'a',
  'b',
  'sub',
  'c"d',
  'tab\there',
  'new\nline',
  '-n',
  ':(top)x',
  '*',
  '[a]',
  ' blank ',
  'é',
  '\udcff\udc80',
  'a.o',
  '😀',
];

type Edit =
  | { readonly kind: 'write'; readonly path: string; readonly node: NodeLiteral }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number };

const name = fc.constantFrom(...NAMES);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const node: fc.Arbitrary<NodeLiteral> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('x', 'y', 'same size', 'size same', '', 'line\r\n').map((text) => file(text)),
  },
  { weight: 1, arbitrary: fc.constantFrom('s', 't').map((text) => file(text, 0o755)) },
  { weight: 1, arbitrary: fc.constantFrom('a', '../outside', 'nowhere').map(link) },
  { weight: 1, arbitrary: fc.constant(folder()) },
  { weight: 1, arbitrary: fc.constantFrom('*.o\n', 'sub/\n', '!a.o\n', '').map((text) => file(text)) },
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), path, node }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), from: path, to: path }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('chmod' as const), path, mode: fc.constantFrom(0o644, 0o755, 0o600) }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('*.o\n', '/sub/\n', '\n')
      .map((rules) => ({ kind: 'write' as const, path: '.gitignore', node: file(rules) })),
  },
);

/** Edits that the present state does not allow (a file in the way, …) are simply not done. */
async function apply(root: string, change: Edit): Promise<void> {
  const done = async (): Promise<void> => {
    switch (change.kind) {
      case 'write':
        await removeTree(root, change.path);
        return writeTree(root, { [change.path]: change.node });
      case 'remove':
        return removeTree(root, change.path);
      case 'rename':
        return fs.rename(at(root, change.from), at(root, change.to));
      case 'chmod':
        if ((await fs.lstat(at(root, change.path))).isFile()) {
          await fs.chmod(at(root, change.path), change.mode);
        }
    }
  };
  await done().catch(() => undefined);
}

describe('the workspace tree of a capture', () => {
  for (const [index, options] of Object.entries({ fresh: {}, settled: { clock: settledClock } })) {
    it(`is what "git add --all" makes of the folder, edit after edit, with a ${index} index`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(edit, { maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (rounds) => {
          const bench = await makeCaptureBench(options);
          try {
            for (const [number, round] of rounds.entries()) {
              for (const change of round) {
                await apply(bench.workspace, change);
              }
              const { root } = await bench.capture();
              const { workspaceTree } = await readState(bench.repository.objects, root);
              assert.equal(workspaceTree, await referenceTree(bench, number));
            }
            assert.equal((await bench.store('fsck', '--strict', '--no-dangling')).trim(), '');
          } finally {
            await bench.dispose();
          }
        }),
        { numRuns: 25, endOnFailure: false },
      );
    }).timeout(120_000);
  }
});

/** What git itself writes for the folder, in a repository of its own. */
async function referenceTree({ sandbox, workspace }: CaptureBench, number: number): Promise<string> {
  const gitDir = `${sandbox.root}/reference-${number}.git`;
  await sandbox.git(['init', '--quiet', '--bare', gitDir]);
  const git = (...args: string[]): Promise<string> =>
    sandbox.git([
      `--git-dir=${gitDir}`,
      `--work-tree=${workspace}`,
      '-c',
      'core.protectNTFS=false',
      '-c',
      'core.autocrlf=false',
      ...args,
    ]);
  await git('add', '--all');
  return (await git('write-tree')).trim();
}
