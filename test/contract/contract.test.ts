import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { unavailable } from '../../src/core/capabilities.ts';
import { InMemoryStore } from '../support/inMemoryStore.ts';
import { dockerAgent } from './dockerAgent.ts';
import { inMemory } from './inMemory.ts';
import { PROMISES } from './promises.ts';
import { shadowGit } from './shadowGit.ts';
import { describeStore, missingCapabilities } from './storeContract.ts';

/** The stores that every machine can have, and the one in memory that the application is tested with. */
const ROWS = [inMemory, shadowGit, dockerAgent];

describe('the contract of stores', () => {
  it('takes no lack of a capability without a reason', () => {
    const { capabilities } = new InMemoryStore();
    const lacking = (reason: string) =>
      missingCapabilities({ ...capabilities, compact: unavailable(reason) }, ['create', 'compact']);
    assert.deepEqual(lacking('Its format has no place for that.'), ['compact']);
    for (const reason of ['', ' ', 'no']) {
      assert.throws(() => lacking(reason), /without a sentence/);
    }
  });

  for (const row of ROWS) {
    describeStore(row, PROMISES);
  }
});
