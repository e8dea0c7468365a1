import * as vscode from 'vscode';
import type { Capabilities } from '../core/store.ts';
import type { WorkspaceFolders } from './workspaceFolders.ts';

/** Every key that `when` and `enablement` clauses of the manifest ask for, with its value while nothing is open. */
const INITIAL = {
  'snapshotTimeline.ready': false,
  'snapshotTimeline.problem': '',
  'snapshotTimeline.hasCheckpoints': false,
  'snapshotTimeline.hasCompareSelection': false,
  'snapshotTimeline.noHistory': '',
  'snapshotTimeline.canCreate': false,
  'snapshotTimeline.canRestore': false,
  'snapshotTimeline.canAnnotate': false,
  'snapshotTimeline.canDelete': false,
  'snapshotTimeline.canCompact': false,
  'snapshotTimeline.canUndo': false,
  'snapshotTimeline.canRedo': false,
  'snapshotTimeline.automaticIsPaused': false,
  'snapshotTimeline.canUndoTurn': false,
  'snapshotTimeline.groupsBySession': false,
} satisfies Record<`snapshotTimeline.${string}`, boolean | string>;

type ContextKey = keyof typeof INITIAL extends `snapshotTimeline.${infer Name}` ? Name : never;

/** Tells VS Code what menus and welcome views may show. */
export class ContextKeys implements vscode.Disposable {
  readonly #current = new Map<string, boolean | string>();

  constructor() {
    this.#reset();
  }

  /** The values that were set last; for tests. */
  get current(): Readonly<Record<string, boolean | string>> {
    return Object.fromEntries(this.#current);
  }

  set(values: Partial<Readonly<Record<ContextKey, boolean | string>>>): void {
    for (const [name, value] of Object.entries(values)) {
      this.#send(`snapshotTimeline.${name}`, value);
    }
  }

  dispose(): void {
    this.#reset();
  }

  #reset(): void {
    for (const [key, value] of Object.entries(INITIAL)) {
      this.#send(key, value);
    }
  }

  #send(key: string, value: boolean | string): void {
    if (this.#current.get(key) !== value) {
      this.#current.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }
}

/** Keeps the keys about stores and checkpoints true. */
export function followFolders(keys: ContextKeys, folders: WorkspaceFolders): vscode.Disposable {
  const update = (): void => {
    const { all, problem } = folders;
    const stores = all.flatMap(({ session }) => session.stores);
    const can = (what: keyof Capabilities): boolean => stores.some(({ capabilities }) => capabilities[what].available);
    const isTrusted = vscode.workspace.isTrusted;
    keys.set({
      ready: all.length > 0,
      problem,
      hasCheckpoints: all.some(({ checkpoints }) => checkpoints.length > 0),
      canCreate: isTrusted && can('create'),
      canRestore: isTrusted && can('restoreFiles'),
      canAnnotate: can('annotate'),
      canDelete: can('delete'),
      canCompact: can('compact'),
      canUndoTurn: isTrusted && all.some(({ lastTurn }) => lastTurn !== undefined),
      canUndo: isTrusted && all.some(({ undo }) => undo !== undefined),
      canRedo: isTrusted && all.some(({ redo }) => redo !== undefined),
    });
  };
  return vscode.Disposable.from(
    folders.onDidChange(({ what }) => what === 'checkpoints' && update()),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
}
