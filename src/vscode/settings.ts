import * as vscode from 'vscode';

const BYTES_PER_MIB = 1024 * 1024;

/** What a person has set for one folder. */
export interface FolderSettings {
  /** Bytes; infinite for no limit. */
  readonly maxUntrackedFileSize: number;
  /** Patterns as in a `.gitignore` file. */
  readonly excludes: readonly string[];
  /** Undefined for the git on PATH. */
  readonly gitPath: string | undefined;
}

const MAX_SIZE = 'snapshotTimeline.capture.maxUntrackedFileSize';
const EXCLUDES = 'snapshotTimeline.capture.excludes';
const GIT_PATH = 'snapshotTimeline.git.path';

export function readSettings(scope: vscode.Uri): FolderSettings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  const mebibytes = configuration.get<number>(MAX_SIZE, 10);
  return {
    maxUntrackedFileSize: mebibytes === 0 ? Infinity : mebibytes * BYTES_PER_MIB,
    excludes: configuration.get<string[]>(EXCLUDES, []),
    gitPath: configuration.get<string>(GIT_PATH, '') || undefined,
  };
}

/** Whether the event is about a setting of ours for that folder. */
export function affectsSettings(event: vscode.ConfigurationChangeEvent, scope: vscode.Uri): boolean {
  return [MAX_SIZE, EXCLUDES, GIT_PATH].some((key) => event.affectsConfiguration(key, scope));
}

export function affectsGit(event: vscode.ConfigurationChangeEvent, scope: vscode.Uri): boolean {
  return event.affectsConfiguration(GIT_PATH, scope);
}
