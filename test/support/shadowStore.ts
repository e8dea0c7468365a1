import { openShadowGitStore, type ShadowGitStore } from '../../src/backends/shadowGit/shadowGitStore.ts';
import { requireCapability } from '../../src/core/capabilities.ts';
import type { Change } from '../../src/core/change.ts';
import type { Checkpoint } from '../../src/core/checkpoint.ts';
import type { CreateRequest, FileAccess } from '../../src/core/store.ts';
import { openDataFolder } from '../../src/platform/dataFolder.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createProcessRunner, type ProcessRunner } from '../../src/platform/processRunner.ts';

export interface TestStore {
  readonly store: ShadowGitStore;
  readonly dataFolder: string;
  readonly gitDir: string;
  readonly files: FileAccess;
  /** Creates a checkpoint that must come to be. */
  create(label?: string, request?: Partial<CreateRequest>): Promise<Checkpoint>;
  /** Labels, newest first. */
  labels(): Promise<string[]>;
}

export interface TestStoreOptions {
  readonly now?: () => Date;
  readonly maxUntrackedFileSize?: number;
  readonly runner?: ProcessRunner;
}

/** Opens the store of a folder as the product does, with its data below `dataHome`. */
export async function openTestStore(
  workspace: string,
  dataHome: string,
  options: TestStoreOptions = {},
): Promise<TestStore> {
  const now = options.now ?? (() => new Date());
  const { dataFolder, workspace: real } = await openDataFolder(workspace, dataHome, now());
  const store = await openShadowGitStore({
    workspace: real,
    dataFolder,
    runner: options.runner ?? createProcessRunner(),
    clock: { now },
    log: silentLog,
    settings: () => ({ maxUntrackedFileSize: options.maxUntrackedFileSize ?? 10 << 20, excludes: [] }),
  });
  const createCheckpoint = requireCapability(store.capabilities.create);
  return {
    store,
    dataFolder,
    gitDir: `${dataFolder}/store.git`,
    files: requireCapability(store.capabilities.files),
    async create(label, request = {}) {
      const made = await createCheckpoint({ origin: 'manual', ...(label === undefined ? {} : { label }), ...request });
      if (made === undefined) {
        throw new Error('Nothing was created.');
      }
      return made;
    },
    async labels() {
      return (await store.list()).map(({ label }) => label);
    },
  };
}

/** `A 644 path`, `M 644→600 path`, `D 755 path/`: one line per change. */
export function renderChanges(changes: readonly Change[]): string[] {
  return changes.map(({ path, kind, before, after }) => {
    const modes = [before, after].flatMap((entry) => (entry === undefined ? [] : [entry.mode.toString(8)]));
    const types = [before, after].flatMap((entry) => (entry === undefined ? [] : [entry.type]));
    const type = new Set(types).size > 1 ? ` ${types.join('→')}` : '';
    const end = (after ?? before)?.type === 'folder' ? '/' : '';
    return `${kind.charAt(0).toUpperCase()} ${[...new Set(modes)].join('→')} ${path}${end}${type}`;
  });
}
