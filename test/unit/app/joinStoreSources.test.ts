import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { joinStoreSources } from '../../../src/app/joinStoreSources.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { StoreSource } from '../../../src/core/storeSource.ts';
import { InMemoryStore } from '../../support/inMemoryStore.ts';

describe('several sources of stores', () => {
  it('are one source, with the stores of all and the first reason for a lack', () => {
    const disposed: string[] = [];
    const changed = new Emitter<void>();
    const source = (id: string, message: string): StoreSource => ({
      stores: [new InMemoryStore({ id })],
      absence: message === '' ? undefined : { reason: 'notFound', message, isNotable: true },
      onDidChange: changed.event,
      dispose: () => void disposed.push(id),
    });
    const joined = joinStoreSources([source('a', ''), source('b', 'No b.'), source('c', 'No c.')]);
    let told = 0;
    joined.onDidChange(() => (told += 1));
    changed.fire();
    joined.dispose();
    changed.fire();
    assert.deepEqual(
      [joined.stores.map(({ info }) => info.id), joined.absence?.message, told, disposed],
      [['a', 'b', 'c'], 'No b.', 3, ['a', 'b', 'c']],
    );
  });
});
