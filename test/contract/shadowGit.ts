import { promises as fs } from 'node:fs';
import { openShadowGitStore } from '../../src/backends/shadowGit/shadowGitStore.ts';
import type { CheckpointStore } from '../../src/core/store.ts';
import { openDataFolder } from '../../src/platform/dataFolder.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createProcessRunner } from '../../src/platform/processRunner.ts';
import { at, removeTree, renderFolder, writeTree } from '../support/folderTree.ts';
import { makeGitSandbox } from '../support/gitSandbox.ts';
import type { StoreRow } from './storeContract.ts';

const MOMENT = new Date('2025-01-01T00:00:00Z');

export const shadowGit: StoreRow = {
  name: 'shadow git',
  async open() {
    const sandbox = await makeGitSandbox();
    const { workspace, dataHome } = sandbox;
    const open = async (): Promise<CheckpointStore> =>
      openShadowGitStore({
        ...(await openDataFolder(workspace, dataHome, MOMENT)),
        runner: createProcessRunner(),
        clock: { now: () => MOMENT },
        log: silentLog,
        settings: () => ({ maxUntrackedFileSize: 10 * 1024 * 1024, excludes: [] }),
      });
    return {
      store: await open(),
      workspace: {
        write: (tree) => writeTree(workspace, tree),
        remove: (...paths) => removeTree(workspace, ...paths),
        touch: (path) => fs.utimes(at(workspace, path), new Date(), new Date()),
        render: () => renderFolder(workspace),
      },
      openAgain: open,
      dispose: () => sandbox.dispose(),
    };
  },
};
