import * as vscode from 'vscode';
import { restoresSandbox } from '../../app/restoreSandbox.ts';
import type { CheckpointStore } from '../../core/store.ts';

/** What the store can do, as words that `when` clauses look for. */
export function abilities(store: CheckpointStore): string {
  const { restoreFiles, annotate, delete: remove, compact, sandbox, keep } = store.capabilities;
  const restore = { available: vscode.workspace.isTrusted && (restoreFiles.available || restoresSandbox(store)) };
  const words = { restore, annotate, delete: remove, compact, sandbox, keep };
  return Object.entries(words)
    .filter(([, { available }]) => available)
    .map(([word]) => word)
    .join(' ');
}
