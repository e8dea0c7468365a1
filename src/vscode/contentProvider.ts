import * as vscode from 'vscode';
import { requireCapability } from '../core/capabilities.ts';
import { isCheckpointError } from '../core/error.ts';
import type { FileAccess } from '../core/store.ts';
import { parseStateUri, SCHEME, type FileState } from './stateUri.ts';
import type { WorkspaceFolders } from './workspaceFolders.ts';

/** Shows files as they were: read-only, byte for byte, so that pictures and other binary files work too. */
export class ContentProvider implements vscode.FileSystemProvider {
  readonly #folders: WorkspaceFolders;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(folders: WorkspaceFolders) {
    this.#folders = folders;
  }

  register(): vscode.Disposable {
    return vscode.workspace.registerFileSystemProvider(SCHEME, this, { isReadonly: true, isCaseSensitive: true });
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { state, files, createdAt } = await this.#locate(uri);
    const entry = await files.entry(state.at, state.path);
    if (entry === undefined || entry.type === 'folder') {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const size = entry.size ?? (await this.readFile(uri)).byteLength;
    return { type: vscode.FileType.File, ctime: createdAt, mtime: createdAt, size };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { state, files } = await this.#locate(uri);
    try {
      return await files.read(state.at, state.path);
    } catch (error) {
      throw isCheckpointError(error, 'notFound') ? vscode.FileSystemError.FileNotFound(uri) : error;
    }
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(): never {
    throw readOnly();
  }

  writeFile(): never {
    throw readOnly();
  }

  delete(): never {
    throw readOnly();
  }

  rename(): never {
    throw readOnly();
  }

  async #locate(uri: vscode.Uri): Promise<{ state: FileState; files: FileAccess; createdAt: number }> {
    const state = parseStateUri(uri);
    // An editor that VS Code opens again after a start can ask before the folder is open.
    await this.#folders.opened;
    const open = this.#folders.byUri(state.folder);
    const store = open?.session.stores.find(({ info }) => info.id === state.store);
    if (open === undefined || store === undefined) {
      throw vscode.FileSystemError.Unavailable(uri);
    }
    const createdAt = open.checkpoints.find(({ id }) => id === state.at)?.createdAt;
    return {
      state,
      files: requireCapability(store.capabilities.files),
      createdAt: createdAt === undefined ? 0 : Date.parse(createdAt),
    };
  }
}

function readOnly(): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(vscode.l10n.t('Files of a checkpoint cannot be changed.'));
}
