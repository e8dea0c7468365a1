import * as vscode from 'vscode';
import type { StoreState } from '../../core/backend.ts';
import { countChanges, type ChangeKind, type LineCounts } from '../../core/change.ts';
import type { Checkpoint, Origin } from '../../core/checkpoint.ts';
import { coverageKind } from '../../core/coverage.ts';
import { age, changesText, checkpointsText, countsText, dateTime, filesText, linesText, totalOf } from '../format.ts';
import { isFile } from '../comparison.ts';
import { kindText, originText, stateText } from '../messages.ts';
import { fileName } from '../stateUri.ts';
import type { OpenFolder } from '../openFolder.ts';
import { abilities } from './abilities.ts';
import { groupLooks } from './groupLooks.ts';
import type { ChangeRow, CheckpointRow, GroupRow, NowRow, StoreRow, TreeRow, VersionRow } from './rows.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const ORIGIN_ICONS: Record<Origin, string> = {
  manual: 'circle-filled',
  auto: 'clock',
  agent: 'sparkle',
  safety: 'shield',
  foreign: 'link-external',
};

const KIND_ICONS: Record<ChangeKind, vscode.ThemeIcon> = {
  added: new vscode.ThemeIcon('diff-added', new vscode.ThemeColor('gitDecoration.addedResourceForeground')),
  modified: new vscode.ThemeIcon('diff-modified', new vscode.ThemeColor('gitDecoration.modifiedResourceForeground')),
  deleted: new vscode.ThemeIcon('diff-removed', new vscode.ThemeColor('gitDecoration.deletedResourceForeground')),
};

const STATE_ICONS: Record<StoreState, string> = {
  ready: 'database',
  running: 'vm-running',
  stopped: 'vm-outline',
  frozen: 'debug-pause',
  unavailable: 'debug-disconnect',
};

interface Looks {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string | vscode.MarkdownString;
  readonly icon: vscode.ThemeIcon;
  readonly contextValue: string;
  readonly collapsible: vscode.TreeItemCollapsibleState;
  readonly spoken: string;
}

export function rowId(row: TreeRow): string {
  const folder = row.open.folder.uri.toString();
  switch (row.kind) {
    case 'store':
      return `${folder}|${row.store.info.id}`;
    case 'now':
      return `${folder}|now`;
    case 'session':
    case 'day':
    case 'automatic':
      return `${folder}|${row.store.info.id}|${row.kind}|${row.key}`;
    case 'checkpoint':
      return checkpointId(folder, row.checkpoint);
    default: {
      const parent = row.kind === 'change' ? checkpointId(folder, row.checkpoint) : `${folder}|now`;
      return `${parent}|${JSON.stringify(row.change.path)}`;
    }
  }
}

function checkpointId(folder: string, checkpoint: Checkpoint): string {
  return `${folder}|${checkpoint.store}|${checkpoint.id}`;
}

/** `lines` are those of an agent's turn, where they are known. */
export function treeItem(row: TreeRow, isMultiRoot: boolean, lines?: LineCounts): vscode.TreeItem {
  switch (row.kind) {
    case 'store':
      return item({ id: rowId(row), ...storeLooks(row, isMultiRoot) });
    case 'now':
      return item({ id: rowId(row), ...nowLooks(row) });
    case 'session':
    case 'day':
    case 'automatic':
      return item({ id: rowId(row), ...groupLooksOf(row) });
    case 'checkpoint':
      return item({ id: rowId(row), ...checkpointLooks(row, lines) });
    default:
      return changeItem(row);
  }
}

export function versionItem(row: VersionRow): vscode.TreeItem {
  const { checkpoint, located } = row;
  const kind = located.version.kind === 'unchanged' ? 'modified' : located.version.kind;
  const description = vscode.l10n.t('{0} · {1}', age(checkpoint.createdAt), kindText(kind));
  const result = item({
    id: `${row.open.folder.uri.toString()}|${checkpoint.store}|${checkpoint.id}|version`,
    label: checkpoint.label,
    description,
    tooltip: checkpointTooltip(checkpoint),
    icon: KIND_ICONS[kind],
    contextValue: `version ${abilities(row.open.storeOf(checkpoint))}`,
    collapsible: None,
    spoken: vscode.l10n.t('{0}, {1}', checkpoint.label, description),
  });
  result.command = openChange(row);
  return result;
}

function item(looks: Looks): vscode.TreeItem {
  const result = new vscode.TreeItem(looks.label, looks.collapsible);
  result.id = looks.id;
  result.description = looks.description;
  result.tooltip = looks.tooltip;
  result.iconPath = looks.icon;
  result.contextValue = looks.contextValue;
  result.accessibilityInformation = { label: looks.spoken };
  return result;
}

function storeLooks({ open, store }: StoreRow, isMultiRoot: boolean): Omit<Looks, 'id'> {
  const isFolder = isMultiRoot && store === open.session.files;
  const label = isFolder ? open.folder.name : store.info.label;
  const count = checkpointsText(open.checkpointsOf(store).length);
  const state = stateText(store.info.state);
  const description = state === '' ? count : vscode.l10n.t('{0} · {1}', state, count);
  return {
    label,
    description,
    tooltip: store.info.why,
    icon: new vscode.ThemeIcon(isFolder ? 'root-folder' : STATE_ICONS[store.info.state]),
    contextValue: `store ${abilities(store)}`,
    collapsible: Expanded,
    spoken: vscode.l10n.t('{0}, {1}', label, description),
  };
}

function nowLooks({ open }: NowRow): Omit<Looks, 'id'> {
  const description = nowText(open);
  const label = vscode.l10n.t('Now');
  const tooltip = open.lookFailure ?? vscode.l10n.t('What changed since "{0}"', open.newest?.label ?? '');
  return {
    label,
    description,
    tooltip,
    icon: new vscode.ThemeIcon('record'),
    contextValue: 'now',
    collapsible: open.changesNow?.length ? Collapsed : None,
    spoken: vscode.l10n.t('{0}, {1}', tooltip, description),
  };
}

function nowText({ changesNow, returnedTo, lookFailure }: OpenFolder): string {
  if (changesNow === undefined) {
    return lookFailure === undefined ? vscode.l10n.t('looking for changes') : vscode.l10n.t('changes are unknown');
  }
  const counts = countsText(countChanges(changesNow));
  return returnedTo === undefined ? counts : vscode.l10n.t('as in "{0}" · {1}', returnedTo.label, counts);
}

function groupLooksOf({ kind, members }: GroupRow): Omit<Looks, 'id'> {
  const { label, description, icon, isOpen } = groupLooks(kind, members);
  return {
    label,
    description,
    tooltip: vscode.l10n.t('{0}: {1}', label, description),
    icon: new vscode.ThemeIcon(icon),
    contextValue: kind,
    collapsible: isOpen ? Expanded : Collapsed,
    spoken: vscode.l10n.t('{0}, {1}', label, description),
  };
}

function checkpointLooks({ open, checkpoint }: CheckpointRow, lines?: LineCounts): Omit<Looks, 'id'> {
  const store = open.storeOf(checkpoint);
  const { label, createdAt, pinned, coverage, origin } = checkpoint;
  const changes = checkpoint.changes === undefined ? '' : changesText(totalOf(checkpoint.changes));
  const counts = lines === undefined ? '' : linesText(lines);
  const notes = [age(createdAt), changes, counts, pinned ? vscode.l10n.t('pinned') : '', coverageText(checkpoint)];
  const description = notes.filter(Boolean).join(' · ');
  const isLastTurn = open.lastTurn?.after.id === checkpoint.id;
  const states = [pinned ? 'pinned' : '', coverageKind(coverage), isLastTurn ? 'lastTurn' : ''];
  return {
    label,
    description,
    tooltip: checkpointTooltip(checkpoint),
    icon: new vscode.ThemeIcon(pinned ? 'pinned' : ORIGIN_ICONS[origin]),
    contextValue: `checkpoint ${abilities(store)} ${states.filter(Boolean).join(' ')}`,
    collapsible: store.capabilities.files.available ? Collapsed : None,
    spoken: vscode.l10n.t('{0}, {1}, {2}', label, description, originText(origin)),
  };
}

function changeItem(row: ChangeRow): vscode.TreeItem {
  const { change, checkpoint, open } = row;
  const path = change.path.toWellFormed();
  const name = fileName(path);
  const parent = path.slice(0, Math.max(0, path.length - name.length - 1));
  const kind = kindText(change.kind);
  const result = item({
    id: rowId(row),
    label: name,
    description: parent === '' ? kind : vscode.l10n.t('{0} · {1}', parent, kind),
    tooltip: vscode.l10n.t('{0}: {1}', path, kind),
    icon: KIND_ICONS[change.kind],
    contextValue: `${row.kind} ${abilities(open.storeOf(checkpoint))}`,
    collapsible: None,
    spoken: vscode.l10n.t('{0}, {1}', path, kind),
  });
  if (isFile(change)) {
    result.command = openChange(row);
  }
  return result;
}

function openChange(row: ChangeRow | VersionRow): vscode.Command {
  return {
    command: 'snapshotTimeline.compareWithPrevious',
    title: vscode.l10n.t('Compare with Previous'),
    arguments: [row],
  };
}

function coverageText({ coverage }: Checkpoint): string {
  return coverage.skipped.length === 0 ? '' : vscode.l10n.t('{0} left out', filesText(coverage.skipped.length));
}

function checkpointTooltip(checkpoint: Checkpoint): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const lines = [
    checkpoint.label,
    dateTime(checkpoint.createdAt),
    originText(checkpoint.origin),
    checkpoint.changes === undefined ? '' : countsText(checkpoint.changes),
    coverageText(checkpoint),
    checkpoint.note,
    vscode.l10n.t('ID {0}', checkpoint.id),
  ];
  for (const line of lines.filter(Boolean)) {
    tooltip.appendText(line).appendMarkdown('  \n');
  }
  return tooltip;
}
