import assert from 'node:assert/strict';
import { requireCapability } from '../../src/core/capabilities.ts';
import { NAME_RULE } from '../../src/core/label.ts';
import { NOW } from '../../src/core/restorePlan.ts';
import { file, folder, link } from '../support/folderTree.ts';
import type { Promised, Workbench } from './storeContract.ts';

/** What every store promises about making and listing checkpoints. */
export function listing(promised: Promised): void {
  promised('lists nothing at first', ['create'], async ({ store }) => {
    assert.deepEqual(await store.list(), []);
  });

  promised('lists the newest first, also several of one moment, each with its own id', ['create'], async (tested) => {
    const made = [];
    for (const label of ['first', 'second', 'third', 'fourth']) {
      made.push(await tested.create(label));
    }
    assert.deepEqual(await tested.store.list(), made.toReversed());
    assert.equal(new Set(made.map(({ id }) => id)).size, 4);
    assert.ok(made.every(({ id }) => id !== NOW));
  });

  promised('tells of each what was said, whose it is and what changed', ['create', 'files'], async (tested) => {
    const { store, workspace } = tested;
    await workspace.write({ a: '1', b: '1', 'c/d': '1' });
    await tested.create('first');
    await workspace.remove('b');
    await workspace.write({ a: '2', e: '1', f: '1' });
    const { id, createdAt, ...said } = await tested.create('Before lunch', { origin: 'agent', note: 'two\nlines' });
    assert.match(createdAt ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(said, {
      store: store.info.id,
      backend: store.info.backend,
      name: 'Before-lunch',
      label: 'Before lunch',
      note: 'two\nlines',
      exactTime: true,
      origin: 'agent',
      scope: ['workspace'],
      stateful: false,
      pinned: false,
      changes: { added: 2, modified: 1, deleted: 1 },
      coverage: { skipped: [] },
    });
    assert.deepEqual((await store.list())[0]?.id, id);
  });

  promised('keeps which pair it is a part of', ['create'], async (tested) => {
    const made = await tested.create('first', { pairId: 'pair' });
    assert.deepEqual([made.pairId, await tested.store.list()], ['pair', [made]]);
  });

  promised('gives an automatic name where no title is given', ['create'], async (tested) => {
    const made = [await tested.create(), await tested.create(''), await tested.create(' \t ')];
    const [first, ...others] = made.map(({ name }) => name);
    assert.match(first ?? '', /^snap-\d{8}-\d{6}$/);
    assert.deepEqual(others, [`${first}-2`, `${first}-3`]);
    assert.deepEqual(
      made.map(({ label }) => label),
      [first, ...others],
    );
  });

  promised('keeps any title as the label and makes a free name of it', ['create'], async (tested) => {
    const titles = [
      'Fix: the "bug" 🐛',
      'Fix: the "bug" 🐛',
      '../../etc/passwd',
      '日本',
      '-rf',
      '<script>',
      'a\u001b[31m\nb',
    ];
    const made = [];
    for (const title of titles) {
      made.push(await tested.create(title));
    }
    assert.deepEqual(
      made.map(({ label }) => label),
      [...titles.slice(0, -1), 'a [31m b'],
    );
    const names = made.map(({ name }) => name);
    assert.ok(
      names.every((name) => NAME_RULE.test(name)),
      names.join(' '),
    );
    assert.equal(new Set(names).size, names.length);
  });

  promised('refuses a name that is taken and keeps the one that has it', ['create'], async (tested) => {
    const first = await tested.create('release-1');
    await assert.rejects(tested.create('release-1'), { reason: 'conflict' });
    assert.deepEqual(await tested.store.list(), [first]);
  });

  promised('makes nothing when asked only for a change and there is none', ['create', 'files'], async (tested) => {
    await tested.workspace.write({ a: '1' });
    const create = tested.use('create');
    const first = await create({ origin: 'auto', ifChanged: true });
    await tested.workspace.touch('a');
    assert.equal(await create({ origin: 'auto', ifChanged: true }), undefined);
    await tested.workspace.write({ a: file('1', 0o755) });
    const second = await create({ origin: 'auto', ifChanged: true });
    assert.deepEqual(await tested.store.list(), [second, first]);
  });

  promised('makes a checkpoint without a change when asked for one', ['create', 'files'], async (tested) => {
    await tested.save('first', { a: '1' });
    assert.deepEqual((await tested.create('again')).changes, { added: 0, modified: 0, deleted: 0 });
  });

  promised(
    'takes the newest for a safety checkpoint only when it holds the same and is none itself',
    ['create', 'files'],
    async (tested) => {
      const first = await tested.save('first', { a: '1' });
      assert.deepEqual(await tested.safety(first), first);
      await tested.workspace.write({ a: '2' });
      const [one, two] = [await tested.safety(first), await tested.safety(first)];
      assert.notEqual(one.id, two.id);
      assert.deepEqual(await tested.labels(), ['the state before', 'the state before', 'first']);
    },
  );

  promised('leaves the folder as it is', ['create'], async (tested) => {
    await tested.workspace.write({ 'a/b': file('x', 0o600), empty: folder(0o700), broken: link('nowhere'), 'a/c': '' });
    const before = await tested.workspace.render();
    await tested.create('first');
    assert.equal(await tested.workspace.render(), before);
  });

  promised('leaves nothing behind when it is cancelled', ['create'], async (tested) => {
    await tested.workspace.write({ a: '1' });
    const cancelled = tested.use('create')({ origin: 'manual' }, { signal: AbortSignal.abort() });
    await assert.rejects(cancelled, { reason: 'cancelled' });
    assert.deepEqual(await tested.store.list(), []);
    await tested.create('after');
    assert.deepEqual(await tested.labels(), ['after']);
  });

  promised('tells of every change', ['create', 'annotate', 'delete'], async (tested) => {
    const checkpoint = await toldOf(tested, () => tested.create('first'));
    await toldOf(tested, () => tested.use('annotate')(checkpoint.id, { pinned: true }));
    await toldOf(tested, () => tested.use('delete')([checkpoint.id]));
  });

  promised('is the same when it is opened again', ['create', 'files'], async (tested) => {
    await tested.save('first', { a: '1' });
    await tested.save('second', { a: '2', b: '2' });
    const again = await tested.openAgain?.();
    if (again !== undefined) {
      const [before, after] = [tested.store, again].map((store) => store.list());
      assert.deepEqual(await after, await before);
      again.dispose();
    }
  });

  promised('sees what another window makes of the same store', ['create'], async (tested) => {
    const other = await tested.openAgain?.();
    if (other !== undefined) {
      await tested.create('here');
      const createThere = requireCapability(other.capabilities.create);
      await toldOf(tested, () => createThere({ origin: 'auto', label: 'there' }));
      assert.deepEqual(await tested.labels(), ['there', 'here']);
      other.dispose();
    }
  });
}

/** Resolves when the store has told of a change that the action made. */
async function toldOf<T>({ store }: Workbench, action: () => Promise<T>): Promise<T> {
  const told = Promise.withResolvers<void>();
  const listening = store.onDidChange(() => told.resolve());
  const result = await action();
  await told.promise;
  listening.dispose();
  return result;
}
