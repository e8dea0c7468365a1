import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { findSnapshotRepositories } from '../../../src/backends/dockerAgent/snapshotRepository.ts';
import { NOW } from '../../../src/core/restorePlan.ts';
import { createProcessRunner } from '../../../src/platform/processRunner.ts';
import { type DockerAgent, makeDockerAgent, type OpenedCaptures, openCaptures } from '../../support/dockerAgent.ts';
import { file, folder, link, removeTree, writeTree } from '../../support/folderTree.ts';
import { type GitSandbox, makeGitSandbox } from '../../support/gitSandbox.ts';
import { renderChanges } from '../../support/shadowStore.ts';

describe('the captures of docker-agent', () => {
  let sandbox: GitSandbox;
  let agent: DockerAgent;
  let opened: OpenedCaptures[];

  beforeEach(async () => {
    sandbox = await makeGitSandbox();
    opened = [];
    await sandbox.initRepository(sandbox.workspace, { commit: true });
    agent = await makeDockerAgent(sandbox);
  });

  afterEach(async () => {
    opened.forEach((captures) => captures.dispose());
    await sandbox.dispose();
  });

  async function open(options: Parameters<typeof openCaptures>[1] = {}): Promise<OpenedCaptures> {
    const captures = await openCaptures(sandbox, options);
    opened.push(captures);
    return captures;
  }

  /** Writes, removes and captures. */
  async function save(minutesAgo: number, tree: Parameters<typeof writeTree>[1], ...removed: string[]) {
    await removeTree(sandbox.workspace, ...removed);
    await writeTree(sandbox.workspace, tree);
    return agent.capture(minutesAgo);
  }

  /** One line per capture: minutes ago, what changed. */
  async function listed({ store }: OpenedCaptures, ids: Readonly<Record<string, string>>): Promise<string[]> {
    const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
    return (await store.list()).map(({ id, createdAt, changes, exactTime }) => {
      const age = createdAt === undefined ? '?' : Math.round((Date.now() - Date.parse(createdAt)) / 60_000);
      const counts = changes && `+${changes.added} ~${changes.modified} -${changes.deleted}`;
      return `${names.get(id) ?? id} ${age} ${counts}${exactTime ? ' exact' : ''}`;
    });
  }

  it('are found by the top of the work tree, in every data folder', async () => {
    const other = `${sandbox.root}/other-data`;
    await makeDockerAgent(sandbox, { dataFolder: other });
    await writeTree(sandbox.workspace, { 'sub/a': '1' });
    await fs.symlink(`${sandbox.workspace}/sub`, `${sandbox.root}/link`);
    const find = async (workspace: string) => {
      const found = await findSnapshotRepositories(createProcessRunner(), workspace, [
        agent.dataFolder,
        other,
        '/none',
      ]);
      return found.map(({ gitDir, prefix }) => `${gitDir.slice(sandbox.root.length, -32)} "${prefix}"`);
    };
    assert.deepEqual(await find(sandbox.workspace), ['/home/.cagent/snapshot/ ""', '/other-data/snapshot/ ""']);
    assert.deepEqual(await find(`${sandbox.workspace}/sub`), [
      '/home/.cagent/snapshot/ "sub"',
      '/other-data/snapshot/ "sub"',
    ]);
    assert.deepEqual(await find(sandbox.home), []);
  });

  it('of a linked work tree are its own', async () => {
    const linked = `${sandbox.root}/linked`;
    await sandbox.git(['worktree', 'add', '--quiet', linked]);
    const there = await makeDockerAgent(sandbox, { workTree: linked });
    await writeTree(linked, { x: 'there' });
    const tree = await there.capture();
    const here = await save(0, { y: 'here' });
    const ids = async (workspace: string) => (await (await open({ workspace })).store.list()).map(({ id }) => id);
    assert.deepEqual([await ids(sandbox.workspace), await ids(linked)], [[here], [tree]]);
  });

  it('are all listed, the newest included, with time and counts', async () => {
    const first = await save(30, { a: '1', 'd/b': '1', 'd/c': '1' });
    const second = await save(20, { a: '2', 'd/e': '1' }, 'd/b');
    const third = await save(10, { a: '3' });
    const again = await save(5, { a: '2' });
    assert.equal(again, second);
    const ids = { first, second, third };
    assert.deepEqual(await listed(await open(), ids), ['second 5 +0 ~1 -0', 'third 10 +1 ~1 -1', 'first 30 +3 ~0 -0']);
  });

  it('keep their times and their order when git packs them', async () => {
    const first = await save(300, { a: '1', 'd/b': '1' });
    const second = await save(200, { a: '2' });
    await agent.cleanUp(190, '--no-cruft');
    const captures = await open();
    const ids: Record<string, string> = { first, second };
    const lists = [await listed(captures, ids)];
    ids['third'] = await save(100, { a: '3' });
    lists.push(await listed(captures, ids));
    await agent.cleanUp(90, '--cruft');
    lists.push(await listed(captures, ids));
    assert.deepEqual(lists, [
      ['second 200 +0 ~1 -0', 'first 300 +2 ~0 -0'],
      ['third 100 +0 ~1 -0', 'second ? +0 ~1 -0', 'first 300 +2 ~0 -0'],
      ['third 100 +0 ~1 -0', 'second 190 +0 ~1 -0', 'first 300 +2 ~0 -0'],
    ]);
  });

  it('show every difference, also to the folder as it is now', async () => {
    const first = await save(20, { a: '1\n', run: file('#!', 0o755), link: link('a'), 'x y/ü"\t': '1' });
    const second = await save(10, { a: '2\n', run: file('#!', 0o644), link: link('b') }, 'x y');
    await writeTree(sandbox.workspace, { a: '3\n', private: file('p', 0o600), empty: folder(0o700) });
    const { files } = await open();
    const shown = [
      await files.changesIn(first),
      await files.changesIn(second),
      await files.changes(second, NOW),
      await files.changes(NOW, first),
    ];
    assert.deepEqual(shown.map(renderChanges), [
      ['A 644 a', 'A 777 link', 'A 755 run', 'A 644 x y/ü"\t'],
      ['M 644 a', 'M 777 link', 'M 755→644 run', 'D 644 x y/ü"\t'],
      ['M 644 a', 'A 600 private'],
      ['M 644 a', 'M 777 link', 'D 600 private', 'M 644→755 run', 'A 644 x y/ü"\t'],
    ]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of files.diff(first, NOW, ['a'])) {
      chunks.push(chunk);
    }
    assert.match(Buffer.concat(chunks).toString('utf8'), /^-1\n\+3\n$/m);
    assert.equal(Buffer.from(await files.read(first, 'a')).toString('utf8'), '1\n');
  });

  it('tell the history of a file, whatever its name', async () => {
    const odd = 'x "\t*\n';
    const ids: string[] = [];
    ids.push(await save(50, { other: '1' }));
    ids.push(await save(40, { [odd]: '1' }));
    ids.push(await save(30, { other: '2' }));
    ids.push(await save(20, { [odd]: '2' }));
    ids.push(await save(10, {}, odd));
    const { files } = await open();
    const history = await files.history(`./${odd}`);
    assert.deepEqual(
      history.map(({ checkpoint, kind }) => `${ids.indexOf(checkpoint)} ${kind}`),
      ['4 deleted', '3 modified', '2 unchanged', '1 added', '0 unchanged'],
    );
    assert.deepEqual(await files.history('never'), []);
    await assert.rejects(files.history('../x'), { reason: 'usage' });
  });

  it('of the whole repository are those of a folder in it, with its own paths', async () => {
    await save(20, { 'sub/a': '1', outside: '1' });
    const second = await save(10, { 'sub/a': '2', outside: '2' });
    const { store, files } = await open({ workspace: `${sandbox.workspace}/sub` });
    assert.deepEqual(
      (await store.list()).map(({ changes }) => changes),
      [
        { added: 0, modified: 1, deleted: 0 },
        { added: 1, modified: 0, deleted: 0 },
      ],
    );
    assert.deepEqual(renderChanges(await files.changesIn(second)), ['M 644 a']);
    assert.deepEqual(renderChanges(await files.changes(second, NOW)), []);
  });

  it('that were cleaned up are no longer available, and the others stay', async () => {
    const first = await save(30, { a: '1', b: '1' });
    const second = await save(20, { a: '2' });
    const third = await save(10, { a: '3' });
    const { store, files, keep } = await open();
    await agent.git('rev-parse', `${second}:a`).then(removeObject);
    const gone = { reason: 'notFound', message: /no longer available/ };
    await assert.rejects(files.read(second, 'a'), gone);
    await assert.rejects(keep(second), gone);
    await removeObject(first);
    assert.deepEqual(
      (await store.list()).map(({ id }) => id),
      [third, second],
    );
    for (const looking of [files.changesIn(first), files.read(first, 'a'), files.changes(first, NOW), keep(first)]) {
      await assert.rejects(looking, gone);
    }
    assert.equal((await keep(third)).label, 'docker-agent capture');
  });

  it('are seen when they are made', async () => {
    const { store } = await open();
    await save(0, { a: '1' });
    const seen = Promise.withResolvers<void>();
    store.onDidChange(() => seen.resolve());
    await save(0, { a: '2' });
    await seen.promise;
    assert.equal((await store.list()).length, 2);
  });

  it('can be listed while others are made and cleaned up', async () => {
    await save(0, { a: '0' });
    const { store } = await open();
    const working = new AbortController();
    const work = async (): Promise<void> => {
      for (let round = 1; round <= 6; round += 1) {
        await save(0, { a: String(round), [`d${round}/x`]: String(round) });
        await agent.git('repack', '-q', '-a', '-d', '-A');
      }
      working.abort();
    };
    const done = work();
    let lists = 0;
    while (!working.signal.aborted) {
      await store.list();
      lists += 1;
    }
    await done;
    assert.ok(lists > 1);
    assert.equal((await store.list()).length, 7);
  });

  it('leave repositories inside of the folder out, and say so', async () => {
    await sandbox.initRepository(`${sandbox.workspace}/nested`);
    await writeTree(sandbox.workspace, { 'nested/in': '1', a: '1' });
    await sandbox.git(['add', '--all'], { cwd: `${sandbox.workspace}/nested` });
    await sandbox.git(['commit', '-qm', 'in'], { cwd: `${sandbox.workspace}/nested` });
    const first = await save(10, {});
    await writeTree(sandbox.workspace, { 'nested/in': '2', 'nested/new': '2' });
    const { store, files } = await open();
    assert.deepEqual((await store.list())[0]?.coverage, { skipped: [{ path: 'nested', reason: 'nestedRepository' }] });
    assert.deepEqual((await store.list())[0]?.changes, { added: 1, modified: 0, deleted: 0 });
    assert.deepEqual(renderChanges(await files.changesIn(first)), ['A 644 a']);
    assert.deepEqual(renderChanges(await files.changes(first, NOW)), []);
    assert.equal(await files.entry(first, 'nested'), undefined);
  });

  async function removeObject(id: string): Promise<void> {
    await fs.rm(`${agent.gitDir}/objects/${id.trim().slice(0, 2)}/${id.trim().slice(2)}`);
  }
});
