import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { joinStoreSources } from '../app/joinStoreSources.ts';
import { openSession } from '../app/workspaceSession.ts';
import { DockerAgentStores } from '../backends/dockerAgent/dockerAgentStores.ts';
import { readIncusChoice } from '../backends/incus/incusChoiceFile.ts';
import { IncusStores } from '../backends/incus/incusStores.ts';
import { readCaptureSettings } from '../backends/shadowGit/capture/captureSettingsFile.ts';
import { CheckpointRefs } from '../backends/shadowGit/checkpoints/checkpointRefs.ts';
import { openShadowGitStore } from '../backends/shadowGit/shadowGitStore.ts';
import { systemClock } from '../platform/clock.ts';
import { dataRoot, openDataFolder, workspaceKey } from '../platform/dataFolder.ts';
import type { Log } from '../platform/log.ts';
import { createProcessRunner } from '../platform/processRunner.ts';
import { openRestoreLog } from '../platform/restoreLogFile.ts';
import { readRetention } from '../platform/retentionFile.ts';
import type { OpenFolder } from './run.ts';

/** Opens a folder with every store that there is for it. */
export async function openFolder(folder: string, log: Log): Promise<OpenFolder> {
  const root = dataRoot();
  const { workspace, dataFolder } = await openDataFolder(folder, root, systemClock.now());
  const settings = await readCaptureSettings(dataFolder);
  const runner = createProcessRunner();
  const files = await openShadowGitStore({
    workspace,
    dataFolder,
    runner,
    clock: systemClock,
    log,
    settings: () => settings,
  });
  const containers = new IncusStores({
    folders: [resolve(folder), workspace],
    choice: await readIncusChoice(dataFolder),
    env: process.env,
    runner,
    lockFolder: join(root, 'locks'),
  });
  const captures = new DockerAgentStores({ workspace, dataFolders: [], runner, files });
  await Promise.all([containers.look(), captures.look()]);
  const others = joinStoreSources([containers, captures]);
  return {
    session: openSession({ folder: workspace, files, others, restores: openRestoreLog(dataFolder, log) }),
    retention: await readRetention(dataFolder),
    parentWithCheckpoints: () => findParent(workspace, root),
  };
}

/** The folder itself or the nearest around it that has checkpoints; the folder itself where there is none. */
export async function folderWithCheckpoints(folder: string): Promise<string> {
  const root = dataRoot();
  const real = await realpath(folder);
  return (await hasCheckpoints(real, root)) ? real : ((await findParent(real, root)) ?? real);
}

async function findParent(workspace: string, root: string): Promise<string | undefined> {
  for (let folder = workspace; folder !== dirname(folder);) {
    folder = dirname(folder);
    if (await hasCheckpoints(folder, root)) {
      return folder;
    }
  }
  return undefined;
}

/** Looks only at refs: nothing is opened, made or started for a folder that nobody asked about. */
async function hasCheckpoints(folder: string, root: string): Promise<boolean> {
  return (await new CheckpointRefs(join(root, workspaceKey(folder), 'store.git')).read()).size > 0;
}
