import { requireCapability } from '../../src/core/capabilities.ts';
import { openTestStore } from './shadowStore.ts';

/** Run as a process of its own and killed at any moment: goes from one checkpoint to the other and back without end. */
const [workspace = '', dataHome = '', here = '', there = ''] = process.argv.slice(2);

const { store } = await openTestStore(workspace, dataHome);
const restorer = requireCapability(store.capabilities.restoreFiles);
const plans = [await restorer.plan(there, here, []), await restorer.plan(here, there, [])];
console.log('ready');
for (;;) {
  for (const plan of plans) {
    await restorer.apply(plan);
  }
}
