import { promises as fs } from 'node:fs';
import { makeDockerAgent, openCaptures } from '../support/dockerAgent.ts';
import { at, removeTree, renderFolder, writeTree } from '../support/folderTree.ts';
import { makeGitSandbox } from '../support/gitSandbox.ts';
import type { StoreRow } from './storeContract.ts';

export const dockerAgent: StoreRow = {
  name: 'docker-agent',
  async open() {
    const sandbox = await makeGitSandbox();
    const { workspace } = sandbox;
    await sandbox.initRepository();
    await makeDockerAgent(sandbox);
    const captures = await openCaptures(sandbox);
    return {
      store: captures.store,
      workspace: {
        write: (tree) => writeTree(workspace, tree),
        remove: (...paths) => removeTree(workspace, ...paths),
        touch: (path) => fs.utimes(at(workspace, path), new Date(), new Date()),
        render: () => renderFolder(workspace),
      },
      dispose: async () => {
        captures.dispose();
        await sandbox.dispose();
      },
    };
  },
};
