import { InMemoryStore } from '../support/inMemoryStore.ts';
import type { StoreRow } from './storeContract.ts';

export const inMemory: StoreRow = {
  name: 'in memory',
  async open() {
    const store = new InMemoryStore({ now: () => Date.UTC(2025, 0, 1) });
    const { workspace } = store;
    return {
      store,
      workspace: {
        write: async (tree) => workspace.write(tree),
        remove: async (...paths) => workspace.remove(...paths),
        touch: async () => undefined,
        render: async () => workspace.render(),
      },
      dispose: async () => undefined,
    };
  },
};
