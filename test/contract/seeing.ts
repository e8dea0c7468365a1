import assert from 'node:assert/strict';
import { NOW } from '../../src/core/restorePlan.ts';
import { type Promised, renderChanges } from './storeContract.ts';

/** What every store with the capability `files` promises about states that were seen and are no checkpoint. */
export function seeing(promised: Promised): void {
  const needs = ['create', 'files'] as const;

  promised('makes a checkpoint of a state that was seen, whatever happened since', needs, async (tested) => {
    await tested.save('first', { a: '1', b: '1' });
    await tested.workspace.write({ a: '2' });
    const seen = await tested.files.see();
    assert.deepEqual(await tested.labels(), ['first']);
    await tested.workspace.write({ a: '3' });
    await tested.workspace.remove('b');
    assert.equal(renderChanges(await tested.files.changes(seen, NOW)), '~a -b');

    const kept = await tested.create('as it was', { origin: 'auto', ifChanged: true, state: seen });
    assert.deepEqual([await tested.text(kept.id, 'a'), await tested.text(kept.id, 'b')], ['2', '1']);
    assert.equal(renderChanges(await tested.files.changesIn(kept.id)), '~a');
    assert.equal(await tested.text(NOW, 'a'), '3');
  });

  promised('makes no checkpoint of a seen state that the newest one holds', needs, async (tested) => {
    await tested.save('first', { a: '1' });
    const seen = await tested.files.see();
    await tested.workspace.write({ a: '2' });
    const made = await tested.use('create')({ origin: 'auto', ifChanged: true, state: seen });
    assert.equal(made, undefined);
  });

  promised('refuses a state that it does not have', needs, async (tested) => {
    await tested.save('first', { a: '1' });
    const unknown = { origin: 'auto', state: `seen-${'0'.repeat(40)}` } as const;
    await assert.rejects(tested.use('create')(unknown), { reason: 'notFound' });
    assert.deepEqual(await tested.labels(), ['first']);
  });
}
