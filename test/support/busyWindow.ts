import { promises as fs } from 'node:fs';
import { requireCapability } from '../../src/core/capabilities.ts';
import { openTestStore } from './shadowStore.ts';

/**
 * Run as a process of its own, beside others on the same folder: creates checkpoints of a file of its own, deletes every
 * third of them, goes back to the newest, and lists.
 */
const [workspace = '', dataHome = '', name = '', count = '0'] = process.argv.slice(2);

const { store, create } = await openTestStore(workspace, dataHome);
const remove = requireCapability(store.capabilities.delete);
const restorer = requireCapability(store.capabilities.restoreFiles);
for (let number = 0; number < Number(count); number += 1) {
  await fs.writeFile(`${workspace}/${name}`, `${number}`);
  const { id } = await create(`${name} ${number}`);
  await fs.writeFile(`${workspace}/${name}`, 'to be put back');
  const safety = await create(undefined, { origin: 'safety', covering: id });
  const { failed } = await restorer.apply(await restorer.plan(id, safety.id, [name]));
  if (failed.length > 0 || (await fs.readFile(`${workspace}/${name}`, 'utf8')) !== `${number}`) {
    throw new Error(`The restore of ${name} ${number} failed: ${JSON.stringify(failed)}`);
  }
  if (number % 3 === 0) {
    await remove([id]);
  }
  await store.list();
}
store.dispose();
