import * as vscode from 'vscode';
import { describeError } from '../messages.ts';
import type { Surface } from '../surface.ts';
import { isCancellation } from '../task.ts';
import { editNote, pinCheckpoint, renameCheckpoint, unpinCheckpoint } from './annotateCheckpoint.ts';
import { pauseAutomatic, resumeAutomatic } from './automatic.ts';
import { compactCheckpoints } from './compactCheckpoints.ts';
import {
  compareCheckpoints,
  compareWithPrevious,
  compareWithSelected,
  compareWithWorkspace,
  selectForCompare,
} from './compare.ts';
import { connectAgent, disconnectAgent } from './connectAgent.ts';
import { createCheckpoint, createNamedCheckpoint } from './createCheckpoint.ts';
import { deleteAllCheckpoints, deleteCheckpoints } from './deleteCheckpoints.ts';
import { groupByDay, groupBySession } from './grouping.ts';
import { refreshCheckpoints, showLog, showTimelineRows } from './help.ts';
import { copyId, runDoctor, showSkippedFiles } from './inspect.ts';
import { keepCheckpoint } from './keepCheckpoint.ts';
import { openFileAtCheckpoint, showFileHistory } from './openFile.ts';
import { restoreCheckpoint, restoreFolder } from './restoreCheckpoint.ts';
import { revertFile } from './revertFile.ts';
import type { CommandArguments } from './targets.ts';
import { undoAgentTurn } from './undoAgentTurn.ts';
import { showDiskUse } from './showDiskUse.ts';
import { redoRestore, undoRestore } from './undoRestore.ts';

type Handler = (surface: Surface, args: CommandArguments) => Promise<void>;

/** Every command of the manifest with what it does. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'snapshotTimeline.createCheckpoint': createCheckpoint,
  'snapshotTimeline.createNamedCheckpoint': createNamedCheckpoint,
  'snapshotTimeline.restoreCheckpoint': restoreCheckpoint,
  'snapshotTimeline.restoreFolder': restoreFolder,
  'snapshotTimeline.revertFile': revertFile,
  'snapshotTimeline.undoRestore': undoRestore,
  'snapshotTimeline.redoRestore': redoRestore,
  'snapshotTimeline.undoAgentTurn': undoAgentTurn,
  'snapshotTimeline.groupBySession': groupBySession,
  'snapshotTimeline.groupByDay': groupByDay,
  'snapshotTimeline.compareCheckpoints': compareCheckpoints,
  'snapshotTimeline.compareWithPrevious': compareWithPrevious,
  'snapshotTimeline.compareWithWorkspace': compareWithWorkspace,
  'snapshotTimeline.selectForCompare': selectForCompare,
  'snapshotTimeline.compareWithSelected': compareWithSelected,
  'snapshotTimeline.openFileAtCheckpoint': openFileAtCheckpoint,
  'snapshotTimeline.showFileHistory': showFileHistory,
  'snapshotTimeline.renameCheckpoint': renameCheckpoint,
  'snapshotTimeline.editNote': editNote,
  'snapshotTimeline.pinCheckpoint': pinCheckpoint,
  'snapshotTimeline.unpinCheckpoint': unpinCheckpoint,
  'snapshotTimeline.keepCheckpoint': keepCheckpoint,
  'snapshotTimeline.deleteCheckpoints': deleteCheckpoints,
  'snapshotTimeline.deleteAllCheckpoints': deleteAllCheckpoints,
  'snapshotTimeline.compactCheckpoints': compactCheckpoints,
  'snapshotTimeline.pauseAutomatic': pauseAutomatic,
  'snapshotTimeline.resumeAutomatic': resumeAutomatic,
  'snapshotTimeline.copyId': copyId,
  'snapshotTimeline.showSkippedFiles': showSkippedFiles,
  'snapshotTimeline.connectAgent': connectAgent,
  'snapshotTimeline.disconnectAgent': disconnectAgent,
  'snapshotTimeline.runDoctor': runDoctor,
  'snapshotTimeline.showDiskUse': showDiskUse,
  'snapshotTimeline.refreshCheckpoints': refreshCheckpoints,
  'snapshotTimeline.showLog': showLog,
  'snapshotTimeline.showTimelineRows': showTimelineRows,
};

export function registerCommands(surface: Surface): vscode.Disposable {
  const registered = Object.entries(HANDLERS).map(([id, handler]) =>
    vscode.commands.registerCommand(id, (...args: unknown[]) => run(surface, id, handler, args)),
  );
  return vscode.Disposable.from(...registered);
}

async function run(surface: Surface, id: string, handler: Handler, args: CommandArguments): Promise<void> {
  try {
    await handler(surface, args);
  } catch (error) {
    if (!isCancellation(error)) {
      await tellFailure(surface, id, error);
    }
  }
}

async function tellFailure(surface: Surface, id: string, error: unknown): Promise<void> {
  surface.log.error(id, error instanceof Error ? error : String(error));
  const action = vscode.l10n.t('Show Log');
  const message = describeError(commandTitle(surface, id), error);
  if ((await surface.prompts.tell('error', message, action)) === action) {
    surface.log.show();
  }
}

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

/** The title as the palette shows it, in the person's language. */
function commandTitle(surface: Surface, id: string): string {
  const { contributes } = surface.extension.packageJSON as Manifest;
  return contributes.commands.find(({ command }) => command === id)?.title ?? id;
}
