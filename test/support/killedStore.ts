import { promises as fs } from 'node:fs';
import { requireCapability } from '../../src/core/capabilities.ts';
import { openTestStore } from './shadowStore.ts';

/**
 * Run as a process of its own and killed at any moment: creates, renames and deletes checkpoints without end, and says on
 * standard output what is about to be done and what is done.
 */
const [workspace = '', dataHome = '', tag = ''] = process.argv.slice(2);

const { store, create } = await openTestStore(workspace, dataHome);
const remove = requireCapability(store.capabilities.delete);
const annotate = requireCapability(store.capabilities.annotate);
const mine: string[] = [];
for (let number = 0; ; number += 1) {
  const content = `${tag} ${number}`;
  await fs.writeFile(`${workspace}/file`, content);
  await fs.writeFile(`${workspace}/${tag}-${number % 5}`, content);
  const { id } = await create(content);
  console.log(`created ${id} ${content}`);
  mine.push(id);
  await annotate(id, { note: 'noted' });
  if (number % 3 === 2) {
    const oldest = mine.shift() ?? '';
    console.log(`deleting ${oldest}`);
    await remove([oldest]);
    console.log(`deleted ${oldest}`);
  }
}
