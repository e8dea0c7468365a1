import * as vscode from 'vscode';
import { fileOf } from './views/fileHistoryView.ts';
import { fileVersionRows } from './views/fileVersionRows.ts';
import { kindText } from './messages.ts';
import { versionChange, type VersionRow } from './views/rows.ts';
import { versionItem } from './views/treeItems.ts';
import type { WorkspaceFolders } from './workspaceFolders.ts';

const PAGE = 50;

/** A row of VS Code's Timeline: menus hand it back to our commands. */
export interface VersionTimelineItem extends vscode.TimelineItem {
  readonly row: VersionRow;
}

/**
 * Adds checkpoints to VS Code's Timeline of a file. The API is still a proposal: where it is not enabled the call throws,
 * and the File History view is all there is.
 */
export function registerTimeline(
  folders: WorkspaceFolders,
  log: vscode.LogOutputChannel,
): vscode.Disposable | undefined {
  const changed = new vscode.EventEmitter<vscode.TimelineChangeEvent | undefined>();
  const listening = folders.onDidChange(({ what }) => what === 'checkpoints' && changed.fire({ reset: true }));
  const resources = vscode.Disposable.from(changed, listening);
  try {
    const registered = vscode.workspace.registerTimelineProvider(['file', 'vscode-remote'], {
      id: 'snapshotTimeline',
      label: vscode.l10n.t('Checkpoints'),
      onDidChange: changed.event,
      provideTimeline: (uri, options) => provideTimeline(folders, uri, options),
    });
    return vscode.Disposable.from(registered, resources);
  } catch (error) {
    resources.dispose();
    log.debug(`No rows in the Timeline: ${String(error)}`);
    return undefined;
  }
}

/** One page of the versions of a file. The cursor is the id of the first checkpoint of the next page. */
export async function provideTimeline(
  folders: WorkspaceFolders,
  uri: vscode.Uri,
  { cursor, limit = PAGE }: vscode.TimelineOptions,
): Promise<vscode.Timeline> {
  const local = uri.scheme === 'file' ? uri : uri.with({ scheme: 'file', authority: '' });
  const file = fileOf(folders, local);
  const rows = file === undefined ? [] : await fileVersionRows(file.open, file.path);
  const first = cursor === undefined ? 0 : rows.findIndex(({ checkpoint }) => checkpoint.id === cursor);
  const rest = first === -1 ? [] : rows.slice(first);
  const length = typeof limit === 'number' ? limit : lengthUpTo(rest, limit);
  return {
    items: rest.slice(0, length).map(timelineItem),
    paging: { cursor: rest[length]?.checkpoint.id },
  };
}

function lengthUpTo(rows: readonly VersionRow[], last: { timestamp: number; id?: string }): number {
  const older = rows.findIndex((row) => timestamp(row) < last.timestamp);
  return older === -1 ? rows.length : older;
}

function timestamp({ checkpoint }: VersionRow): number {
  return checkpoint.createdAt === undefined ? 0 : Date.parse(checkpoint.createdAt);
}

function timelineItem(row: VersionRow): VersionTimelineItem {
  const { id, tooltip, iconPath, command, accessibilityInformation } = versionItem(row);
  const item = new vscode.TimelineItem(row.checkpoint.label, timestamp(row));
  return Object.assign(item, {
    row,
    id,
    // The Timeline has a column of its own for the age.
    description: kindText(versionChange(row).kind),
    tooltip,
    iconPath,
    command,
    accessibilityInformation,
    contextValue: 'snapshotTimeline version',
  }) as VersionTimelineItem;
}
