import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openShadowGitStore } from '../../src/backends/shadowGit/shadowGitStore.ts';
import { requireCapability } from '../../src/core/capabilities.ts';
import type { CheckpointStore } from '../../src/core/store.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createProcessRunner } from '../../src/platform/processRunner.ts';
import type { Way } from './way.ts';

/** Our store in one process, opened once: what a window or a session of the command line does. */
export function ourWay(root: string, folder: string): Way & { readonly store: () => CheckpointStore } {
  const dataFolder = join(folder, 'ours');
  let store: CheckpointStore | undefined;
  let marked = '';

  const open = async (): Promise<CheckpointStore> => {
    store?.dispose();
    rmSync(dataFolder, { recursive: true, force: true });
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    store = await openShadowGitStore({
      workspace: root,
      dataFolder,
      runner: createProcessRunner(),
      clock: systemClock,
      log: silentLog,
      settings: () => ({ maxUntrackedFileSize: 10 * 1024 * 1024, excludes: [] }),
    });
    return store;
  };
  const opened = (): CheckpointStore => {
    if (store === undefined) {
      throw new Error('The store is not open.');
    }
    return store;
  };
  const capture = async (): Promise<void> => {
    const checkpoint = await requireCapability(opened().capabilities.create)({ origin: 'manual' });
    marked = checkpoint?.id ?? '';
  };
  let target = '';
  return {
    name: 'ours, verified',
    store: opened,
    first: async () => {
      await open();
      await capture();
    },
    capture,
    mark: async () => {
      target = marked;
    },
    restore: async () => {
      const restorer = requireCapability(opened().capabilities.restoreFiles);
      await restorer.check(target);
      const report = await restorer.apply(await restorer.plan(target, marked, []));
      if (report.failed.length > 0) {
        throw new Error(`Not restored: ${JSON.stringify(report.failed.slice(0, 3))}`);
      }
    },
    reset: async () => {
      await open();
    },
  };
}
