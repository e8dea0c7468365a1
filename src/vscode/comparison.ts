import * as vscode from 'vscode';
import { requireCapability } from '../core/capabilities.ts';
import type { Change } from '../core/change.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { NOW, type StatePoint } from '../core/restorePlan.ts';
import type { CheckpointStore } from '../core/store.ts';
import { kindText } from './messages.ts';
import type { OpenFolder } from './openFolder.ts';
import { requireTrust } from './trust.ts';
import { fileName, stateUri } from './stateUri.ts';

/** VS Code opens an editor per file: more would not be looked at and would make it slow. */
const MOST_FILES = 500;

/** Two points in time of one store. `from` is undefined for the time before the first checkpoint. */
export interface Comparison {
  readonly open: OpenFolder;
  readonly store: CheckpointStore;
  readonly from: StatePoint | undefined;
  readonly to: StatePoint;
}

/** What differs between two points in time. */
export interface Difference {
  readonly comparison: Comparison;
  readonly changes: readonly Change[];
}

/** The name of a point in time. */
export function pointName(open: OpenFolder, at: StatePoint | undefined): string {
  if (at === undefined) {
    return vscode.l10n.t('nothing');
  }
  if (at === NOW) {
    return vscode.l10n.t('workspace');
  }
  return open.checkpoints.find((checkpoint) => checkpoint.id === at)?.label ?? at;
}

/** What a checkpoint changed against the one before it. */
export async function differenceIn(open: OpenFolder, checkpoint: Checkpoint): Promise<Difference> {
  const comparison = { open, store: open.storeOf(checkpoint), from: open.previous(checkpoint)?.id, to: checkpoint.id };
  return { comparison, changes: await open.changesIn(checkpoint) };
}

export async function changesBetween(comparison: Comparison): Promise<readonly Change[]> {
  const files = requireCapability(comparison.store.capabilities.files);
  const { from, to } = comparison;
  if (from === NOW || to === NOW) {
    requireTrust();
  }
  return from === undefined ? files.changesIn(to) : files.changes(from, to);
}

/** Opens all differing files in one editor. */
export async function openMultiDiff(comparison: Comparison, changes: readonly Change[]): Promise<void> {
  const { open, from, to } = comparison;
  const title = vscode.l10n.t('{0} ↔ {1}', pointName(open, from), pointName(open, to));
  await openDifferences(title, [{ comparison, changes }]);
}

/** Opens the differing files of several comparisons in one editor. */
export async function openDifferences(title: string, differences: readonly Difference[]): Promise<void> {
  const resources = differences.flatMap(({ comparison, changes }) =>
    changes.filter(isFile).map((change) => {
      const { left, right } = sides(comparison, change);
      return [right ?? left, left, right];
    }),
  );
  const shown =
    resources.length > MOST_FILES
      ? vscode.l10n.t('{0} (first {1} of {2} files)', title, MOST_FILES, resources.length)
      : title;
  await vscode.commands.executeCommand('vscode.changes', shown, resources.slice(0, MOST_FILES));
}

/** Opens one file side by side; a file that is on one side only is shown alone. */
export async function openDiff(comparison: Comparison, change: Change): Promise<void> {
  if (!isFile(change)) {
    return;
  }
  const { left, right } = sides(comparison, change);
  const { open, from, to } = comparison;
  const name = fileName(change.path);
  if (left !== undefined && right !== undefined) {
    const title = vscode.l10n.t('{0} ({1} ↔ {2})', name, pointName(open, from), pointName(open, to));
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
    return;
  }
  const title = vscode.l10n.t(
    '{0} ({1} ↔ {2}: {3})',
    name,
    pointName(open, from),
    pointName(open, to),
    kindText(change.kind),
  );
  await vscode.commands.executeCommand('vscode.open', right ?? left, { preview: true }, title);
}

/** Whether the change is of something that has contents to look at, on either side. */
export function isFile(change: Change): boolean {
  return [change.before, change.after].some((entry) => entry !== undefined && entry.type !== 'folder');
}

function sides(comparison: Comparison, change: Change): { left?: vscode.Uri; right?: vscode.Uri } {
  const { open, store, from, to } = comparison;
  const has = { before: change.before?.type, after: change.after?.type };
  return {
    ...(from !== undefined && has.before !== undefined && has.before !== 'folder'
      ? { left: stateUri(open, store.info.id, from, change.path) }
      : {}),
    ...(has.after !== undefined && has.after !== 'folder'
      ? { right: stateUri(open, store.info.id, to, change.path) }
      : {}),
  };
}
