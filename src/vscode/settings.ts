import * as vscode from 'vscode';
import { AUTOMATIC_OFF, type AutomaticSettings } from '../app/automatic/automaticSettings.ts';

const BYTES_PER_MIB = 1024 * 1024;

/** What a person has set for one folder. */
export interface FolderSettings {
  /** Bytes; infinite for no limit. */
  readonly maxUntrackedFileSize: number;
  /** Patterns as in a `.gitignore` file. */
  readonly excludes: readonly string[];
  /** Undefined for the git on PATH. */
  readonly gitPath: string | undefined;
  /** Which container; an empty text leaves it to what is found. */
  readonly incus: { readonly container: string; readonly project: string; readonly socket: string };
}

const MAX_SIZE = 'snapshotTimeline.capture.maxUntrackedFileSize';
const EXCLUDES = 'snapshotTimeline.capture.excludes';
const GIT_PATH = 'snapshotTimeline.git.path';
const CONTAINER = 'snapshotTimeline.incus.container';
const PROJECT = 'snapshotTimeline.incus.project';
const SOCKET = 'snapshotTimeline.incus.socket';

export function readSettings(scope: vscode.Uri): FolderSettings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  const mebibytes = configuration.get<number>(MAX_SIZE, 10);
  return {
    maxUntrackedFileSize: mebibytes === 0 ? Infinity : mebibytes * BYTES_PER_MIB,
    excludes: configuration.get<string[]>(EXCLUDES, []),
    gitPath: configuration.get<string>(GIT_PATH, '') || undefined,
    incus: {
      container: configuration.get<string>(CONTAINER, ''),
      project: configuration.get<string>(PROJECT, ''),
      socket: configuration.get<string>(SOCKET, ''),
    },
  };
}

/** Whether the event is about a setting of ours for that folder. */
export function affectsSettings(event: vscode.ConfigurationChangeEvent, scope: vscode.Uri): boolean {
  return [MAX_SIZE, EXCLUDES, ...OF_STORES].some((key) => event.affectsConfiguration(key, scope));
}

const OF_STORES = [GIT_PATH, CONTAINER, PROJECT, SOCKET];

/** Whether other stores may have to be opened, or others than before. */
export function affectsStores(event: vscode.ConfigurationChangeEvent, scope: vscode.Uri): boolean {
  return OF_STORES.some((key) => event.affectsConfiguration(key, scope));
}

const EVERY_MINUTES = 'snapshotTimeline.automatic.everyMinutes';
const BEFORE_GIT = 'snapshotTimeline.automatic.beforeGit';
const LARGE_DELETION = 'snapshotTimeline.automatic.largeDeletion';

/** Off in a folder that is not trusted: nothing looks at the files there. */
export function readAutomaticSettings(scope: vscode.Uri): AutomaticSettings {
  if (!vscode.workspace.isTrusted) {
    return AUTOMATIC_OFF;
  }
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  return {
    everyMinutes: configuration.get<number>(EVERY_MINUTES, 5),
    beforeGit: configuration.get<boolean>(BEFORE_GIT, true),
    largeDeletion: configuration.get<number>(LARGE_DELETION, 20),
  };
}

export function affectsAutomatic(event: vscode.ConfigurationChangeEvent, scope: vscode.Uri): boolean {
  return [EVERY_MINUTES, BEFORE_GIT, LARGE_DELETION].some((key) => event.affectsConfiguration(key, scope));
}
