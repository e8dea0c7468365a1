import assert from 'node:assert/strict';
import { NOW } from '../../src/core/restorePlan.ts';
import { file, folder, link, type TreeLiteral } from '../support/folderTree.ts';
import { ODD_NAMES } from './looking.ts';
import { type Promised, renderChanges } from './storeContract.ts';

/** What every store with the capability `restoreFiles` promises about putting files back. */
export function restoring(promised: Promised): void {
  const needs = ['create', 'files', 'restoreFiles'] as const;

  promised(
    'gives back bytes, modes, links and empty folders, and removes what was not there',
    needs,
    async (tested) => {
      const first = await tested.save('first', {
        'deep/er/file': Buffer.from([0, 255, 10, 13]),
        secret: file('s', 0o600),
        script: file('#!', 0o755),
        broken: link('no/where'),
        empty: folder(0o700),
        gone: 'x',
        same: 'same',
      });
      const before = await tested.workspace.render();
      await tested.workspace.remove('gone', 'empty', 'deep');
      await tested.workspace.write({ secret: file('S', 0o644), script: file('#!', 0o644), broken: link('else') });
      await tested.workspace.write({ 'new/er': '1', 'hollow/er': folder() });
      const report = await tested.restore(first);
      assert.equal(await tested.workspace.render(), before);
      assert.equal(report, '-hollow/er -new/er =broken =deep/er/file =empty =gone =script =secret');
    },
  );

  promised('gives back folders that hold nothing but folders, with their modes', needs, async (tested) => {
    const first = await tested.save('first', {
      'outer/inner/hollow': folder(),
      outer: folder(0o700),
      'outer/inner': folder(0o750),
    });
    const before = await tested.workspace.render();
    await tested.workspace.remove('outer');
    await tested.restore(first);
    assert.equal(await tested.workspace.render(), before);
    assert.deepEqual(await tested.use('files').entry(first.id, 'outer'), { type: 'folder', mode: 0o700, content: '' });
  });

  promised('swaps files, folders and links for each other', needs, async (tested) => {
    const states: TreeLiteral[] = [
      { a: 'file', 'b/c/d': 'deep', e: link('a'), f: folder() },
      { 'a/x/y': 'deep', b: link('a'), 'e/f': 'folder', f: 'file' },
      { a: link('nowhere'), b: 'file', e: folder(), 'f/g': folder() },
    ];
    const made = [];
    for (const [index, state] of states.entries()) {
      made.push({
        checkpoint: await tested.save(`state ${index}`, state, 'a', 'b', 'e', 'f'),
        rendered: await tested.workspace.render(),
      });
    }
    for (const from of [0, 1, 2]) {
      for (const to of [0, 1, 2]) {
        await tested.restore(made[from]!.checkpoint);
        await tested.restore(made[to]!.checkpoint);
        assert.equal(await tested.workspace.render(), made[to]!.rendered, `${from} to ${to}`);
      }
    }
  });

  promised('gives back files of any name', needs, async (tested) => {
    const tree = Object.fromEntries(ODD_NAMES.map((name): [string, string] => [name, `in ${name.length}`]));
    const first = await tested.save('first', tree);
    const before = await tested.workspace.render();
    await tested.save(
      'second',
      Object.fromEntries(ODD_NAMES.slice(0, 5).map((name) => [name, 'x'])),
      ...ODD_NAMES.slice(5),
    );
    await tested.restore(first);
    assert.equal(await tested.workspace.render(), before);
  });

  promised('touches only the given files and folders, by their literal names', needs, async (tested) => {
    const first = await tested.save('first', { 'a/x': '1', 'a/y': '1', ab: '1', '*': '1', z: '1' });
    await tested.workspace.write({ 'a/x': '2', 'a/new': '2', ab: '2', '*': '2', z: '2' });
    assert.equal(await tested.restore(first, './a/', '*'), '-a/new =* =a/x');
    assert.equal(await tested.text(NOW, 'z'), '2');
    assert.equal(await tested.restore(first, 'z', 'none'), '=z');
    assert.equal(await tested.restore(first, '.'), '=ab');
  });

  promised('refuses paths outside the folder and touches nothing', needs, async (tested) => {
    const first = await tested.save('first', { a: '1' });
    await tested.workspace.write({ a: '2' });
    for (const path of ['../x', 'a/../../x', '/etc/passwd', '', 'nul\0']) {
      await assert.rejects(tested.restore(first, path), { reason: 'usage' }, path);
    }
    assert.equal(await tested.text(NOW, 'a'), '2');
  });

  promised('refuses a checkpoint that is unknown', needs, async (tested) => {
    const restorer = tested.use('restoreFiles');
    await assert.rejects(restorer.check('none'), { reason: 'notFound' });
    await assert.rejects(restorer.plan('none', NOW, []), { reason: 'notFound' });
  });

  promised('plans from the folder as it is, without changing anything', needs, async (tested) => {
    const first = await tested.save('first', { a: '1', b: '1' });
    await tested.workspace.write({ a: '2', c: '2' });
    await tested.workspace.remove('b');
    const before = await tested.workspace.render();
    const plan = await tested.use('restoreFiles').plan(first.id, NOW, []);
    assert.deepEqual([renderChanges(plan.steps), plan.refused], ['~a +b -c', []]);
    assert.deepEqual([await tested.workspace.render(), await tested.labels()], [before, ['first']]);
  });

  promised('plans nothing where nothing differs', needs, async (tested) => {
    const first = await tested.save('first', { a: '1' });
    await tested.workspace.touch('a');
    assert.deepEqual((await tested.use('restoreFiles').plan(first.id, NOW, [])).steps, []);
  });

  promised(
    'leaves a path alone that changed after the safety checkpoint, and does the others',
    needs,
    async (tested) => {
      const first = await tested.save('first', { a: '1', b: '1', gone: '1' });
      await tested.workspace.write({ a: '2', b: '2', new: '2' });
      await tested.workspace.remove('gone');
      const restorer = tested.use('restoreFiles');
      const plan = await restorer.plan(first.id, (await tested.safety(first)).id, []);
      await tested.workspace.write({ a: 'typed', new: 'typed', gone: 'typed' });
      const report = await restorer.apply(plan);
      assert.deepEqual(report.restored, ['b']);
      assert.deepEqual(report.failed.map(({ path }) => path).toSorted(), ['a', 'gone', 'new']);
      assert.deepEqual(await Promise.all(['a', 'gone', 'new'].map((path) => tested.text(NOW, path))), [
        'typed',
        'typed',
        'typed',
      ]);
    },
  );

  promised('is taken back by restoring the safety checkpoint', needs, async (tested) => {
    const first = await tested.save('first', { a: '1', b: '1' });
    await tested.workspace.write({ a: 'unsaved work', c: 'new work' });
    const before = await tested.workspace.render();
    await tested.restore(first);
    const safety = (await tested.store.list())[0]!;
    assert.equal(safety.origin, 'safety');
    await tested.restore(safety);
    assert.equal(await tested.workspace.render(), before);
  });

  promised('does nothing more once it is cancelled', needs, async (tested) => {
    const first = await tested.save('first', { a: '1' });
    await tested.workspace.write({ a: '2' });
    const restorer = tested.use('restoreFiles');
    const plan = await restorer.plan(first.id, (await tested.safety(first)).id, []);
    const outcome = await restorer.apply(plan, { signal: AbortSignal.abort() }).catch((error: unknown) => error);
    assert.equal(await tested.text(NOW, 'a'), '2');
    assert.ok(outcome instanceof Error || JSON.stringify(outcome).includes('"path":"a"'), JSON.stringify(outcome));
    assert.equal(await restorer.interrupted(), undefined);
  });

  promised('knows of no interrupted restore when all ended', needs, async (tested) => {
    const first = await tested.save('first', { a: '1' });
    await tested.workspace.write({ a: '2' });
    await tested.restore(first);
    assert.equal(await tested.use('restoreFiles').interrupted(), undefined);
  });
}
