import * as vscode from 'vscode';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { NOW } from '../../core/restorePlan.ts';
import type { CheckpointStore } from '../../core/store.ts';
import { differenceIn } from '../comparison.ts';
import { dayKey } from '../format.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { FoldersChange, WorkspaceFolders } from '../workspaceFolders.ts';
import { type Group, type Grouping, groupOf, groupsOf } from './groups.ts';
import type { ChangeRow, CheckpointRow, GroupRow, NowRow, StoreRow, TreeRow } from './rows.ts';
import { rowId, treeItem } from './treeItems.ts';
import { TurnLines } from './turnLines.ts';

const MINUTE_MS = 60_000;

/**
 * The rows of the Checkpoints view: day, checkpoint, changed file. Several stores or folders take the place of the days, so
 * that the tree never gets deeper.
 */
export class CheckpointsTree implements vscode.TreeDataProvider<TreeRow>, vscode.Disposable {
  readonly #folders: WorkspaceFolders;
  readonly #changed = new vscode.EventEmitter<TreeRow | TreeRow[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** Rows by id: VS Code knows a row by its identity, so one that stays is handed out again. */
  readonly #rows = new Map<string, TreeRow>();
  readonly #disposables: vscode.Disposable[];
  /** Which stores, and which checkpoints and states of stores, were shown, by folder. */
  readonly #shown = new WeakMap<OpenFolder, { readonly stores: string; readonly ids: string }>();
  readonly #lines = new TurnLines((open, checkpoint) => this.#changed.fire(this.checkpointRow(open, checkpoint)));
  #wasEmpty = true;
  #bySession = false;
  #today = new Date().toDateString();

  constructor(folders: WorkspaceFolders) {
    this.#folders = folders;
    const clock = setInterval(() => this.#renderAges(), MINUTE_MS);
    this.#disposables = [
      this.#changed,
      folders.onDidChange((change) => this.#foldersChanged(change)),
      { dispose: () => clearInterval(clock) },
    ];
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    const lines = row.kind === 'checkpoint' ? this.#lines.of(row.open, row.checkpoint) : undefined;
    return treeItem(row, this.#folders.all.length > 1, lines);
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (row === undefined) {
      await this.#folders.opened;
      return this.#roots();
    }
    switch (row.kind) {
      case 'store':
        return this.#inStore(row.open, row.store);
      case 'now':
        return this.#changesNow(row);
      case 'session':
      case 'day':
      case 'automatic':
        return row.members.map((checkpoint) => this.checkpointRow(row.open, checkpoint));
      case 'checkpoint':
        return this.#changesIn(row);
      default:
        return [];
    }
  }

  getParent(row: TreeRow): TreeRow | undefined {
    switch (row.kind) {
      case 'store':
        return undefined;
      case 'now':
        return this.#storeRow(row.open, row.open.session.files);
      case 'session':
      case 'day':
      case 'automatic':
        return this.#storeRow(row.open, row.store);
      case 'checkpoint':
        return this.#groupRowOf(row) ?? this.#storeRow(row.open, row.open.storeOf(row.checkpoint));
      default:
        return row.kind === 'change' ? this.checkpointRow(row.open, row.checkpoint) : this.#nowRow(row.open);
    }
  }

  /** Whether the turns of an agent's session are shown together. */
  set bySession(bySession: boolean) {
    this.#bySession = bySession;
    this.#changed.fire(undefined);
  }

  checkpointRow(open: OpenFolder, checkpoint: Checkpoint): CheckpointRow {
    const row = this.#keep<CheckpointRow>({ kind: 'checkpoint', open, checkpoint });
    row.checkpoint = checkpoint;
    return row;
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #groups(): readonly { readonly open: OpenFolder; readonly store: CheckpointStore }[] {
    return this.#folders.all.flatMap((open) => open.session.stores.map((store) => ({ open, store })));
  }

  /** With no checkpoint and no sandbox at all the view has no rows, so that its welcome shows. */
  #isEmpty(): boolean {
    return this.#folders.all.every((open) => open.checkpoints.length === 0 && open.session.stores.length === 1);
  }

  #roots(): TreeRow[] {
    this.#wasEmpty = this.#isEmpty();
    if (this.#wasEmpty) {
      return [];
    }
    const groups = this.#groups();
    const [only] = groups;
    return only !== undefined && groups.length === 1
      ? this.#inStore(only.open, only.store)
      : groups.flatMap(({ open, store }) => this.#storeRow(open, store) ?? []);
  }

  #inStore(open: OpenFolder, store: CheckpointStore): TreeRow[] {
    const isFiles = store === open.session.files;
    const now = isFiles && open.newest !== undefined && vscode.workspace.isTrusted ? [this.#nowRow(open)] : [];
    const checkpoints = open.checkpointsOf(store);
    const grouping = this.#grouping();
    const groups = groupsOf(checkpoints, grouping).map((group) => this.#groupRow(open, store, group));
    const loose = checkpoints.filter((checkpoint) => groupOf(checkpoint, grouping) === undefined);
    return [...now, ...groups, ...loose.map((checkpoint) => this.checkpointRow(open, checkpoint))];
  }

  async #changesNow({ open }: NowRow): Promise<TreeRow[]> {
    const { newest } = open;
    if (newest === undefined) {
      return [];
    }
    const comparison = { open, store: open.session.files, from: newest.id, to: NOW };
    return (open.changesNow ?? []).map((change): ChangeRow => ({
      kind: 'nowChange',
      open,
      comparison,
      change,
      checkpoint: newest,
    }));
  }

  async #changesIn({ open, checkpoint }: CheckpointRow): Promise<TreeRow[]> {
    const { comparison, changes } = await differenceIn(open, checkpoint);
    return changes.map((change): ChangeRow => ({ kind: 'change', open, comparison, change, checkpoint }));
  }

  #nowRow(open: OpenFolder): NowRow {
    return this.#keep<NowRow>({ kind: 'now', open });
  }

  /** Days would make the tree too deep where there are several stores. */
  #grouping(): Grouping {
    return { byDay: this.#groups().length < 2, bySession: this.#bySession };
  }

  #groupRow(open: OpenFolder, store: CheckpointStore, { kind, key, members }: Group): GroupRow {
    const row = this.#keep<GroupRow>({ kind, open, store, key, members });
    row.members = members;
    return row;
  }

  #groupRowOf({ open, checkpoint }: CheckpointRow): GroupRow | undefined {
    const store = open.storeOf(checkpoint);
    const wanted = groupOf(checkpoint, this.#grouping());
    const groups = wanted === undefined ? [] : groupsOf(open.checkpointsOf(store), this.#grouping());
    const group = groups.find(({ kind, key }) => kind === wanted?.kind && key === wanted.key);
    return group && this.#groupRow(open, store, group);
  }

  #storeRow(open: OpenFolder, store: CheckpointStore): StoreRow | undefined {
    if (this.#groups().length < 2) {
      return undefined;
    }
    return Object.assign(this.#keep<StoreRow>({ kind: 'store', open, store }), { store });
  }

  #keep<Kind extends TreeRow>(row: Kind): Kind {
    const id = rowId(row);
    const known = this.#rows.get(id);
    // A folder that was opened again has new sessions behind its rows.
    if (known !== undefined && known.open === row.open) {
      return known as Kind;
    }
    this.#rows.set(id, row);
    return row;
  }

  /** Draws only what changed: the Now row, or single checkpoints, or all when the list is another one. */
  #foldersChanged({ open, what }: FoldersChange): void {
    if (open === undefined) {
      this.#rows.clear();
      this.#changed.fire(undefined);
    } else if (what === 'now') {
      this.#changed.fire(this.#nowRow(open));
    } else {
      this.#checkpointsChanged(open);
    }
  }

  #checkpointsChanged(open: OpenFolder): void {
    const infos = open.session.stores.map(({ info }) => info);
    const stores = infos.map(({ id }) => id).join('\n');
    const ids = [
      ...infos.map(({ state }) => state),
      ...open.checkpoints.map(({ store, id }) => `${store} ${id}`),
    ].join();
    const shown = this.#shown.get(open);
    this.#shown.set(open, { stores, ids });
    const isAll = shown?.stores !== stores || this.#isEmpty() !== this.#wasEmpty;
    if (isAll || shown.ids !== ids) {
      const rows = isAll ? [] : open.session.stores.flatMap((store) => this.#storeRow(open, store) ?? []);
      this.#changed.fire(rows.length === 0 ? undefined : rows);
      return;
    }
    const rows = open.checkpoints.flatMap((checkpoint) => {
      const row = this.#rows.get(rowId({ kind: 'checkpoint', open, checkpoint }));
      const isChanged = row?.kind === 'checkpoint' && JSON.stringify(row.checkpoint) !== JSON.stringify(checkpoint);
      return isChanged ? [this.checkpointRow(open, checkpoint)] : [];
    });
    if (rows.length > 0) {
      this.#changed.fire(rows);
    }
  }

  #renderAges(): void {
    const today = new Date().toDateString();
    if (this.#today !== today) {
      this.#today = today;
      this.#changed.fire(undefined);
      return;
    }
    const rows = this.#folders.all.flatMap((open) =>
      open.checkpoints
        .filter(({ createdAt }) => dayKey(createdAt) === today)
        .flatMap((checkpoint) => this.#rows.get(rowId({ kind: 'checkpoint', open, checkpoint })) ?? []),
    );
    if (rows.length > 0) {
      this.#changed.fire(rows);
    }
  }
}
