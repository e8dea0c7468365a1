import { promises as fs } from 'node:fs';
import { requireCapability } from '../../src/core/capabilities.ts';
import type { CheckpointStore } from '../../src/core/store.ts';
import { at, removeTree, renderFolder, writeTree } from '../support/folderTree.ts';
import type { IncusDaemon } from '../support/incus/incusDaemon.ts';
import { makeContainer, openStore } from '../support/incus/incusWorkspace.ts';
import type { StoreRow } from './storeContract.ts';

const NAME = 'c1';
const MOMENT = new Date('2025-01-01T00:00:00Z');

/** One stopped container for all promises, emptied of its checkpoints before each. */
export function incus(daemon: () => IncusDaemon): StoreRow {
  let workspace: string | undefined;
  return {
    name: 'Incus',
    async open() {
      if (workspace === undefined) {
        workspace = `${daemon().folder}/work`;
        await makeContainer(daemon(), NAME, { workspace, stopped: true });
      }
      const folder = workspace;
      const open = (): Promise<CheckpointStore> => openStore(daemon(), NAME, {}, { now: () => MOMENT });
      const store = await open();
      const old = await store.list();
      if (old.length > 0) {
        await requireCapability(store.capabilities.delete)(old.map(({ id }) => id));
      }
      return {
        store,
        workspace: {
          write: (tree) => writeTree(folder, tree),
          remove: (...paths) => removeTree(folder, ...paths),
          touch: (path) => fs.utimes(at(folder, path), new Date(), new Date()),
          render: () => renderFolder(folder),
        },
        openAgain: open,
        dispose: async () => {
          await fs.rm(folder, { recursive: true });
          await fs.mkdir(folder);
        },
      };
    },
  };
}
