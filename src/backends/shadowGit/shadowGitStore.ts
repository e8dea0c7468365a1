import { join } from 'node:path';
import { available, unavailable } from '../../core/capabilities.ts';
import type { StoreInfo } from '../../core/backend.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { OpenForeignTrees } from '../../core/foreignTrees.ts';
import type { Capabilities, CheckpointStore } from '../../core/store.ts';
import type { Clock } from '../../platform/clock.ts';
import { makeFolder } from '../../platform/dataFiles.ts';
import { DiskReserve } from '../../platform/diskReserve.ts';
import { noteIdentity } from '../../platform/folderIdentity.ts';
import type { Log } from '../../platform/log.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { annotateCheckpoint } from './checkpoints/annotateCheckpoint.ts';
import { Capturer, type CaptureSettings } from './capture/capture.ts';
import { Catalog } from './checkpoints/catalog.ts';
import { CatalogWatcher } from './checkpoints/catalogWatcher.ts';
import { compactCheckpoints } from './checkpoints/compactCheckpoints.ts';
import { createCheckpoint } from './checkpoints/createCheckpoint.ts';
import { deleteCheckpoints } from './checkpoints/deleteCheckpoints.ts';
import { measureDiskUse } from './maintenance/diskUse.ts';
import { examineStore } from './maintenance/examineStore.ts';
import { explainingFailures } from './maintenance/explainFailure.ts';
import { createFileRestorer } from './restore/fileRestorer.ts';
import { openForeignTrees } from './checkpoints/foreignTrees.ts';
import { type GitVersion, requireGit } from './git/gitVersion.ts';
import { IdleRepack } from './maintenance/idleRepack.ts';
import { findLeftovers, removeLeftovers } from './maintenance/leftoverFiles.ts';
import { repairStore } from './maintenance/repairStore.ts';
import { StoreRepacker } from './maintenance/repackStore.ts';
import { ShadowFileAccess } from './checkpoints/shadowFileAccess.ts';
import { openShadowRepository } from './git/shadowRepository.ts';
import { storedStates } from './state/storedStates.ts';
import { DataFolderLock } from './storeLock.ts';
import type { StoreParts } from './storeParts.ts';
import { STORE_ID, toCheckpoint } from './checkpoints/toCheckpoint.ts';

export interface ShadowGitStoreOptions {
  /** Real path of the workspace folder. */
  readonly workspace: string;
  readonly dataFolder: string;
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked anew for each capture. */
  readonly settings: () => CaptureSettings;
}

export interface ShadowGitStore extends CheckpointStore {
  readonly openForeignTrees: OpenForeignTrees;
}

/**
 * Opens our own store of a workspace folder's checkpoints, and makes it when there is none.
 * @throws CheckpointError `notInstalled` without a usable git.
 */
export async function openShadowGitStore(options: ShadowGitStoreOptions): Promise<ShadowGitStore> {
  const { clock, log, dataFolder } = options;
  const gitVersion = await requireGit(options.runner);
  const repository = await openShadowRepository(options);
  const lock = new DataFolderLock(dataFolder, async () => {
    const leftovers = await findLeftovers(dataFolder, clock.now().getTime());
    log.info(`Another process died while it used the store; removing ${leftovers.length} temporary files.`);
    await removeLeftovers(leftovers);
  });
  const catalog = new Catalog(repository, log);
  const capturer = new Capturer(repository, options.settings);
  const parts: StoreParts = {
    repository,
    catalog,
    capturer,
    lock,
    clock,
    log,
    repacker: new StoreRepacker(repository),
    reserve: new DiskReserve(join(dataFolder, 'reserve')),
  };
  await makeFolder(catalog.refs.folder);
  // Of use only when the folder is moved one day.
  await noteIdentity(dataFolder, options.workspace).catch((error: unknown) => log.warn(String(error)));
  return assemble(parts, gitVersion, await CatalogWatcher.start(catalog, dataFolder));
}

function assemble(parts: StoreParts, gitVersion: GitVersion, changes: CatalogWatcher): ShadowGitStore {
  const { repository, catalog, lock, log, repacker } = parts;
  const idle = new IdleRepack(repacker, lock, log);
  const states = storedStates(parts, () => void idle.consider());
  const restorer = createFileRestorer({ ...parts, states });
  const examined = { ...parts, gitVersion, interrupted: () => restorer.interrupted() };
  /** For what changes the list: tells the listeners, whose failures are their own, and sees to the housekeeping. */
  const noted = async <T>(operation: () => Promise<T>): Promise<T> => {
    const result = await explainingFailures(operation);
    await changes.check().catch((error: unknown) => log.error(`A listener failed: ${String(error)}`));
    await idle.consider();
    return result;
  };
  const capabilities: Capabilities = {
    create: available((request, context) => noted(() => createCheckpoint(parts, request, context))),
    files: available(new ShadowFileAccess(repository, catalog, states)),
    restoreFiles: available(restorer),
    annotate: available((id, annotation) => noted(() => annotateCheckpoint(parts, id, annotation))),
    delete: available((ids, context) => noted(() => deleteCheckpoints(parts, ids, context))),
    compact: available((ids, label, context) => noted(() => compactCheckpoints(parts, ids, label, context))),
    maintain: available({
      examine: (context) => examineStore(examined, context),
      diskUse: (context) => measureDiskUse(parts, context),
      repair: (context) => noted(() => repairStore(examined, context)),
    }),
    sandbox: unavailable('These are the files of the folder; they are in no sandbox.'),
    keep: unavailable('These checkpoints are kept already.'),
  };
  return {
    info: INFO,
    capabilities,
    onDidChange: changes.event,
    list: () => listCheckpoints(parts),
    openForeignTrees: (objectFolder) => openForeignTrees(parts, states, noted, objectFolder),
    dispose: () => {
      for (const part of [changes, idle, repository]) {
        part.dispose();
      }
    },
  };
}

const INFO: StoreInfo = {
  id: STORE_ID,
  backend: 'shadowGit',
  label: 'Workspace files',
  state: 'ready',
  why: 'The files of every folder can have checkpoints.',
};

async function listCheckpoints({ catalog, lock, log }: StoreParts): Promise<readonly Checkpoint[]> {
  const { checkpoints } = await catalog.read();
  if (await catalog.needsSave()) {
    // Only a cache: a full or protected disk must not keep anybody from seeing the list.
    await lock.tryRun(() => catalog.save()).catch((error: unknown) => log.warn(`No journal: ${String(error)}`));
  }
  return checkpoints.map(toCheckpoint).toReversed();
}
