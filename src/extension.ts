import * as vscode from 'vscode';
import { joinStoreSources } from './app/joinStoreSources.ts';
import { openSession, type WorkspaceSession } from './app/workspaceSession.ts';
import { DockerAgentStores } from './backends/dockerAgent/dockerAgentStores.ts';
import { writeIncusChoice } from './backends/incus/incusChoiceFile.ts';
import { IncusStores } from './backends/incus/incusStores.ts';
import type { CaptureSettings } from './backends/shadowGit/capture/capture.ts';
import { writeCaptureSettings } from './backends/shadowGit/capture/captureSettingsFile.ts';
import { openShadowGitStore } from './backends/shadowGit/shadowGitStore.ts';
import { systemClock } from './platform/clock.ts';
import { dataRoot, openDataFolder } from './platform/dataFolder.ts';
import { writeExecutable } from './platform/executableFile.ts';
import type { Log } from './platform/log.ts';
import { createProcessRunner, type ProcessRequest, type ProcessRunner } from './platform/processRunner.ts';
import { openRestoreLog } from './platform/restoreLogFile.ts';
import { writeRetention } from './platform/retentionFile.ts';
import { connectSurface } from './vscode/connect.ts';
import type { FolderSettings } from './vscode/settings.ts';
import type { Surface } from './vscode/surface.ts';
import { putOnTerminalPath } from './vscode/terminalPath.ts';

/** What VS Code calls once. Tests get the surface; everybody else gets nothing to depend on. */
export function activate(context: vscode.ExtensionContext): Surface | undefined {
  const log = vscode.window.createOutputChannel('Checkpoints', { log: true });
  context.subscriptions.push(log);
  const surface = connectSurface(context, log, (folder, settings) => openFolder(folder, settings, log));
  putOnTerminalPath(context, writeExecutable).catch((error: unknown) => log.error(String(error)));
  return context.extensionMode === vscode.ExtensionMode.Test ? surface : undefined;
}

const NOT_SHARED = 'The settings could not be written down for the command line:';

async function openFolder(folder: string, settings: () => FolderSettings, log: Log): Promise<WorkspaceSession> {
  const root = dataRoot();
  const data = await openDataFolder(folder, root, systemClock.now());
  const { gitPath, incus } = settings();
  const processes = createProcessRunner();
  const runner = withGit(processes, gitPath);
  const files = await openShadowGitStore({
    ...data,
    runner,
    clock: systemClock,
    log,
    settings: shareSettings(data.dataFolder, settings, log),
  });
  writeIncusChoice(data.dataFolder, incus).catch((error: unknown) => log.warn(`${NOT_SHARED} ${String(error)}`));
  const containers = new IncusStores({
    folders: [folder, data.workspace],
    choice: incus,
    env: process.env,
    runner: processes,
    lockFolder: `${root}/locks`,
  });
  const captures = new DockerAgentStores({ workspace: data.workspace, dataFolders: [], runner, files });
  const others = joinStoreSources([containers, captures]);
  return openSession({ folder, files, others, restores: openRestoreLog(data.dataFolder, log) });
}

/** Whatever is asked for here is written down for the command line, which captures and prunes by the same settings. */
function shareSettings(dataFolder: string, settings: () => FolderSettings, log: Log): () => CaptureSettings {
  let written = '';
  return () => {
    const { maxUntrackedFileSize, excludes, retention } = settings();
    const asked = JSON.stringify([maxUntrackedFileSize, excludes, retention]);
    if (asked !== written) {
      written = asked;
      Promise.all([
        writeCaptureSettings(dataFolder, { maxUntrackedFileSize, excludes }),
        writeRetention(dataFolder, retention),
      ]).catch((error: unknown) => log.warn(`${NOT_SHARED} ${String(error)}`));
    }
    return { maxUntrackedFileSize, excludes };
  };
}

/** Everything that asks for git gets the one that the settings name. */
function withGit(runner: ProcessRunner, gitPath: string | undefined): ProcessRunner {
  const named = (request: ProcessRequest): ProcessRequest =>
    request.command === 'git' && gitPath !== undefined ? { ...request, command: gitPath } : request;
  return {
    run: (request) => runner.run(named(request)),
    stream: (request) => runner.stream(named(request)),
    start: (request) => runner.start(named(request)),
  };
}
