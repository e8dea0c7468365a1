import assert from 'node:assert/strict';
import type { Promised } from './storeContract.ts';
import { renderChanges } from './storeContract.ts';

/** What every store promises about renaming, deleting and compacting, as far as it can do that. */
export function keeping(promised: Promised): void {
  promised(
    'renames, notes and pins without changing id, order, time or content',
    ['create', 'files', 'annotate'],
    async (tested) => {
      const first = await tested.save('first', { a: '1' });
      const second = await tested.save('second', { a: '2' });
      const annotate = tested.use('annotate');
      await annotate(first.id, { label: 'A new title' });
      await annotate(first.id, { note: 'a\nnote' });
      const pinned = await annotate(first.id, { pinned: true });
      assert.deepEqual(pinned, { ...first, name: 'A-new-title', label: 'A new title', note: 'a\nnote', pinned: true });
      assert.deepEqual(await tested.store.list(), [second, pinned]);
      assert.equal(await tested.text(first.id, 'a'), '1');
      assert.equal((await annotate(first.id, { pinned: false, note: '' })).pinned, false);
    },
  );

  promised('refuses a new name that is taken, and none at all', ['create', 'annotate'], async (tested) => {
    const [first, second] = [await tested.create('first'), await tested.create('second')];
    const annotate = tested.use('annotate');
    await assert.rejects(annotate(second.id, { label: 'first' }), { reason: 'conflict' });
    await assert.rejects(annotate(second.id, { label: ' \n' }), { reason: 'usage' });
    await assert.rejects(annotate('none', { label: 'x' }), { reason: 'notFound' });
    assert.equal((await annotate(second.id, { label: 'second' })).name, 'second');
    assert.deepEqual(await tested.store.list(), [second, first]);
  });

  promised('gives a name free again with its checkpoint', ['create', 'annotate', 'delete'], async (tested) => {
    const first = await tested.create('release');
    await tested.use('annotate')(first.id, { label: 'other' });
    const second = await tested.create('release');
    await tested.use('delete')([second.id]);
    assert.equal((await tested.create('release')).name, 'release');
  });

  promised('deletes the named ones and keeps the others whole', ['create', 'files', 'delete'], async (tested) => {
    const made = [];
    for (const content of ['1', '2', '3', '4']) {
      made.push(await tested.save(`c${content}`, { a: content, [`only${content}`]: content }));
    }
    await tested.use('delete')([made[1]!.id, made[2]!.id]);
    assert.deepEqual(await tested.labels(), ['c4', 'c1']);
    assert.deepEqual([await tested.text(made[0]!.id, 'only1'), await tested.text(made[3]!.id, 'only3')], ['1', '3']);
    assert.equal(renderChanges(await tested.files.changesIn(made[3]!.id)), '~a +only2 +only3 +only4');
    assert.deepEqual((await tested.store.list())[0]?.changes, { added: 3, modified: 1, deleted: 0 });
    assert.deepEqual(
      (await tested.files.history('a')).map(({ kind }) => kind),
      ['modified', 'added'],
    );
    await assert.rejects(tested.files.read(made[1]!.id, 'a'), { reason: 'notFound' });
  });

  promised('deletes none when one of them is unknown, and none twice', ['create', 'delete'], async (tested) => {
    const [first, second] = [await tested.create('first'), await tested.create('second')];
    await assert.rejects(tested.use('delete')([first.id, 'none']), { reason: 'notFound' });
    assert.deepEqual(await tested.labels(), ['second', 'first']);
    await tested.use('delete')([second.id]);
    await assert.rejects(tested.use('delete')([second.id]), { reason: 'notFound' });
    assert.deepEqual(await tested.labels(), ['first']);
  });

  promised('deletes pinned ones that are named, and all', ['create', 'annotate', 'delete'], async (tested) => {
    const [first, second] = [await tested.create('first'), await tested.create('second')];
    await tested.use('annotate')(first.id, { pinned: true });
    await tested.use('delete')([first.id, second.id]);
    assert.deepEqual(await tested.store.list(), []);
  });

  promised('counts everything as added after all were deleted', ['create', 'files', 'delete'], async (tested) => {
    const [first, second] = [await tested.save('first', { a: '1' }), await tested.save('second', { a: '2' })];
    await tested.use('delete')([first.id, second.id]);
    assert.deepEqual((await tested.create('after')).changes, { added: 1, modified: 0, deleted: 0 });
  });

  promised(
    'compacts several into the state of the newest, at its place',
    ['create', 'files', 'compact'],
    async (tested) => {
      const first = await tested.save('first', { a: '1', gone: '1', b: '1' });
      const second = await tested.save('second', { a: '2' }, 'gone');
      const third = await tested.save('third', { a: '3', c: '3' });
      const fourth = await tested.save('fourth', { a: '4' });
      const result = await tested.use('compact')([third.id, first.id], 'merged');
      assert.deepEqual(await tested.labels(), ['fourth', 'merged', 'second']);
      assert.equal(result.createdAt, third.createdAt);
      assert.ok(![first, second, third, fourth].some(({ id }) => id === result.id));
      assert.equal(renderChanges(await tested.files.changes(second.id, result.id)), '~a +c');
      assert.equal(renderChanges(await tested.files.changes(result.id, fourth.id)), '~a');
      assert.equal(await tested.files.entry(result.id, 'gone'), undefined);
    },
  );

  promised('compacts without a title under the name of the newest', ['create', 'compact'], async (tested) => {
    const [first, second] = [await tested.create('first'), await tested.create('second')];
    const result = await tested.use('compact')([first.id, second.id], undefined);
    assert.deepEqual([result.label, await tested.labels()], ['second', ['second']]);
  });

  promised(
    'compacts nothing when a source is unknown, pinned or alone, or the name is taken',
    ['create', 'annotate', 'compact'],
    async (tested) => {
      const [first, second, third] = [
        await tested.create('first'),
        await tested.create('second'),
        await tested.create('third'),
      ];
      const compact = tested.use('compact');
      await assert.rejects(compact([first.id, 'none'], undefined), { reason: 'notFound' });
      await assert.rejects(compact([first.id], undefined), { reason: 'usage' });
      await assert.rejects(compact([first.id, second.id], 'third'), { reason: 'conflict' });
      await tested.use('annotate')(first.id, { pinned: true });
      await assert.rejects(compact([first.id, third.id], undefined), { reason: 'conflict' });
      assert.deepEqual(await tested.labels(), ['third', 'second', 'first']);
    },
  );
}
