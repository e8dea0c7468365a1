import * as vscode from 'vscode';
import { NOW, type StatePoint } from '../core/restorePlan.ts';
import type { OpenFolder } from './openFolder.ts';

/** Scheme of the contents of files as they were. */
export const SCHEME = 'checkpoint';

/** A file at a point in time. */
export interface FileState {
  /** The workspace folder's URI. */
  readonly folder: string;
  readonly store: string;
  readonly at: StatePoint;
  readonly path: string;
}

/**
 * The file at that point: on disk for now, else (and for names that a URI cannot hold) read-only from the store. All points
 * have the same path, so that VS Code takes them for versions of one file.
 */
export function stateUri(open: OpenFolder, store: string, at: StatePoint, path: string): vscode.Uri {
  const file = fileUri(open, path);
  if (at === NOW && path.isWellFormed()) {
    return file;
  }
  const state: FileState = { folder: open.folder.uri.toString(), store, at, path };
  return vscode.Uri.from({ scheme: SCHEME, path: file.path, query: JSON.stringify(state) });
}

export function fileUri(open: OpenFolder, path: string): vscode.Uri {
  return vscode.Uri.joinPath(open.folder.uri, ...path.toWellFormed().split('/'));
}

export function parseStateUri(uri: vscode.Uri): FileState {
  return JSON.parse(uri.query) as FileState;
}

/** Path of a file or folder relative to the workspace folder; empty for the folder itself. */
export function relativePath(open: OpenFolder, uri: vscode.Uri): string {
  return uri.path.slice(open.folder.uri.path.length).replace(/^\/+|\/+$/g, '');
}

/** The last part of a path, as text that can be shown. */
export function fileName(path: string): string {
  const shown = path.toWellFormed();
  return shown.slice(shown.lastIndexOf('/') + 1);
}
