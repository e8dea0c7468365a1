import * as vscode from 'vscode';
import { isCheckpointError } from '../core/error.ts';
import type { OperationContext, Progress } from '../core/operationContext.ts';
import type { OpenFolder } from './openFolder.ts';

const VIEW = 'snapshotTimeline.checkpoints';
/** Work that takes longer gets a notification with a button to cancel it. */
const LONG_MS = 1000;

/** Work under way: how it is cancelled, and how it waits for a person. */
export interface Task extends OperationContext {
  readonly signal: AbortSignal;
  /** Shows no progress while a person is asked. */
  asking<T>(question: () => Promise<T>): Promise<T>;
}

/** Runs work on a folder with progress in the view, and brings the views up to date after it, however it ended. */
export async function runTask<T>(open: OpenFolder, title: string, work: (task: Task) => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: VIEW } }, async () => {
    const notice = new LongWorkNotice(title);
    try {
      return await work(notice);
    } finally {
      notice.hide();
      await open.reload();
    }
  });
}

/** What an operation throws when a person cancels it is not a failure. */
export function isCancellation(error: unknown): boolean {
  return isCheckpointError(error, 'cancelled') || error instanceof vscode.CancellationError;
}

class LongWorkNotice implements Task {
  readonly #title: string;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #end: (() => void) | undefined;
  #report: ((progress: Progress) => void) | undefined;
  #last: Progress | undefined;

  constructor(title: string) {
    this.#title = title;
    this.#showLater();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  readonly onProgress = (progress: Progress): void => {
    this.#last = progress;
    this.#report?.(progress);
  };

  async asking<T>(question: () => Promise<T>): Promise<T> {
    this.hide();
    try {
      return await question();
    } finally {
      this.#showLater();
    }
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#end?.();
    this.#end = undefined;
    this.#report = undefined;
  }

  #showLater(): void {
    this.#timer = setTimeout(() => this.#show(), LONG_MS);
  }

  #show(): void {
    const options = { location: vscode.ProgressLocation.Notification, title: this.#title, cancellable: true };
    void vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => this.#abort.abort());
      this.#report = ({ message, done, total }) => {
        const count = done === undefined || total === undefined ? '' : ` (${done}/${total})`;
        progress.report({ message: `${message}${count}` });
      };
      if (this.#last !== undefined) {
        this.#report(this.#last);
      }
      await new Promise<void>((resolve) => {
        this.#end = resolve;
      });
    });
  }
}
