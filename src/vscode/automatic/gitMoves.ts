import * as vscode from 'vscode';
import { firstGitMoment } from '../../app/automatic/gitMoment.ts';

/** The events of one command of git come together; those of the files come before they are looked at. */
const PAUSE_MS = 200;

/** Tells what git did to the files of a folder, by following the reflog of the repository that the folder lies in. */
export class GitMoves implements vscode.Disposable {
  readonly #moved: (what: string) => void;
  readonly #log: vscode.LogOutputChannel;
  #reflog: vscode.Uri | undefined;
  #known = '';
  #watching: vscode.Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(folder: vscode.Uri, moved: (what: string) => void, log: vscode.LogOutputChannel) {
    this.#moved = moved;
    this.#log = log;
    this.ready = this.#start(folder);
  }

  /** Settles when the reflog is followed. */
  readonly ready: Promise<void>;

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#watching?.dispose();
  }

  async #start(folder: vscode.Uri): Promise<void> {
    const logs = vscode.Uri.joinPath(await gitFolderOf(folder), 'logs');
    this.#reflog = vscode.Uri.joinPath(logs, 'HEAD');
    this.#known = await readText(this.#reflog);
    if (this.#disposed) {
      return;
    }
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(logs, 'HEAD'));
    const touched = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#read().catch((error: unknown) => this.#log.warn(String(error)));
      }, PAUSE_MS);
    };
    this.#watching = vscode.Disposable.from(watcher, watcher.onDidChange(touched), watcher.onDidCreate(touched));
  }

  async #read(): Promise<void> {
    const text = this.#reflog === undefined ? '' : await readText(this.#reflog);
    // Git shortens its reflog now and then.
    const added = text.startsWith(this.#known) ? text.slice(this.#known.length) : '';
    this.#known = text;
    const moment = firstGitMoment(added);
    if (moment !== undefined && !this.#disposed) {
      this.#moved(moment);
    }
  }
}

/** The git folder of the repository that a folder lies in; where one would be, when there is none yet. */
async function gitFolderOf(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let at = folder; ; at = vscode.Uri.joinPath(at, '..')) {
    const git = vscode.Uri.joinPath(at, '.git');
    const type = await vscode.workspace.fs.stat(git).then(
      (stat) => stat.type,
      () => vscode.FileType.Unknown,
    );
    if ((type & vscode.FileType.Directory) !== 0) {
      return git;
    }
    if ((type & vscode.FileType.File) !== 0) {
      return linkedFolder(at, await readText(git));
    }
    if (vscode.Uri.joinPath(at, '..').path === at.path) {
      return vscode.Uri.joinPath(folder, '.git');
    }
  }
}

/** The file `.git` of a linked worktree or submodule says where its git folder is (gitrepository-layout(5)). */
function linkedFolder(at: vscode.Uri, text: string): vscode.Uri {
  const path = /^gitdir: (.+)$/m.exec(text)?.[1] ?? '.git';
  return /^(\/|[A-Za-z]:)/.test(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(at, path);
}

async function readText(uri: vscode.Uri): Promise<string> {
  return vscode.workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => '',
  );
}
