import * as vscode from 'vscode';
import { DEFAULT_RETENTION, type RetentionRules } from '../core/retention.ts';
import type { AgentPolicy } from '../agent/approval.ts';
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
  readonly retention: RetentionRules;
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
    retention: readRetentionSettings(scope),
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

const DAY_MS = 24 * 3_600_000;
const BYTES_PER_GIB = 1024 ** 3;

/** Each rule of retention with its setting, and what one of the setting's unit is in that of the rule. */
const RETENTION: readonly (readonly [rule: keyof RetentionRules, key: string, unit: number])[] = [
  ['newest', 'snapshotTimeline.retention.keepNewest', 1],
  ['all', 'snapshotTimeline.retention.keepAllDays', DAY_MS],
  ['hourly', 'snapshotTimeline.retention.keepHourlyDays', DAY_MS],
  ['daily', 'snapshotTimeline.retention.keepDailyDays', DAY_MS],
  ['weekly', 'snapshotTimeline.retention.keepWeeklyDays', DAY_MS],
  ['safety', 'snapshotTimeline.retention.keepSafetyDays', DAY_MS],
  ['maxCount', 'snapshotTimeline.retention.maxCount', 1],
  ['maxBytes', 'snapshotTimeline.retention.maxSize', BYTES_PER_GIB],
];

/** A limit of 0 is none. */
export function readRetentionSettings(scope: vscode.Uri): RetentionRules {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  const rules = RETENTION.map(([rule, key, unit]) => {
    const value = configuration.get<number>(key, DEFAULT_RETENTION[rule] / unit) * unit;
    return [rule, value === 0 && rule.startsWith('max') ? Infinity : value];
  });
  return Object.fromEntries(rules) as RetentionRules;
}

/** What agents may do that removes checkpoints or changes many files. */
export function readAgentPolicy(scope: vscode.Uri): AgentPolicy {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  return configuration.get<AgentPolicy>('snapshotTimeline.agents.restoreAndDelete', 'ask');
}
