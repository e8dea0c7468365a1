import { describe } from 'mocha';
import { useIncus } from '../support/incus/useIncus.ts';
import { incus } from './incus.ts';
import { PROMISES } from './promises.ts';
import { describeStore } from './storeContract.ts';

describe('Every store', () => {
  const daemon = useIncus();
  describeStore(incus(daemon), PROMISES);
});
