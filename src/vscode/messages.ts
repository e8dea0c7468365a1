import * as vscode from 'vscode';
import { CheckpointError, type ErrorReason } from '../core/error.ts';
import type { StoreState } from '../core/backend.ts';
import type { Origin } from '../core/checkpoint.ts';
import type { ChangeKind } from '../core/change.ts';
import type { SkipReason } from '../core/coverage.ts';
import type { RefusalReason } from '../core/restorePlan.ts';

/** A failure as people read it: what failed, why, and what to do. */
export function describeError(operation: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  const todo = error instanceof CheckpointError ? (error.hint ?? whatToDo(error.reason)) : whatToDo('commandFailed');
  return vscode.l10n.t('"{0}" failed. {1} {2}', operation.replace(/…$/, ''), why, todo);
}

function whatToDo(reason: ErrorReason): string {
  const advice: Record<ErrorReason, string> = {
    notFound: vscode.l10n.t('Refresh the view: it may have been deleted meanwhile.'),
    sandboxRunning: vscode.l10n.t('Stop the sandbox and try again.'),
    unsupported: vscode.l10n.t('Choose a checkpoint of another store.'),
    notInstalled: vscode.l10n.t('Install git, or set its path in the settings.'),
    noPermission: vscode.l10n.t('Check who may read and write the folder.'),
    conflict: vscode.l10n.t('Look at what changed meanwhile and try again.'),
    ambiguous: vscode.l10n.t('Choose one of them in the view.'),
    busy: vscode.l10n.t('Wait until the other window or command has finished and try again.'),
    timedOut: vscode.l10n.t('Try again; the log tells what took so long.'),
    cancelled: vscode.l10n.t('Nothing was changed.'),
    corrupt: vscode.l10n.t('Run Doctor to see what is damaged; other checkpoints still work.'),
    partial: vscode.l10n.t('The log lists what was left out.'),
    commandFailed: vscode.l10n.t('The log has the details.'),
    usage: vscode.l10n.t('Choose something else.'),
    notConfirmed: vscode.l10n.t('Nothing was changed.'),
  };
  return advice[reason];
}

export function originText(origin: Origin): string {
  const texts: Record<Origin, string> = {
    manual: vscode.l10n.t('Created by you'),
    auto: vscode.l10n.t('Created automatically'),
    agent: vscode.l10n.t('Created by an agent'),
    safety: vscode.l10n.t('Safety checkpoint: the state before a restore'),
    foreign: vscode.l10n.t('Created by another tool'),
  };
  return texts[origin];
}

/** Empty for a store that is always the same. */
export function stateText(state: StoreState): string {
  const texts: Record<StoreState, string> = {
    ready: '',
    running: vscode.l10n.t('running'),
    stopped: vscode.l10n.t('stopped'),
    frozen: vscode.l10n.t('paused'),
    unavailable: vscode.l10n.t('out of reach'),
  };
  return texts[state];
}

export function kindText(kind: ChangeKind): string {
  const texts: Record<ChangeKind, string> = {
    added: vscode.l10n.t('added'),
    modified: vscode.l10n.t('modified'),
    deleted: vscode.l10n.t('deleted'),
  };
  return texts[kind];
}

export function skipText(reason: SkipReason): string {
  const texts: Record<SkipReason, string> = {
    tooLarge: vscode.l10n.t('larger than the limit for files that git does not track'),
    unreadable: vscode.l10n.t('could not be read'),
    changedWhileRead: vscode.l10n.t('changed while it was read'),
    socket: vscode.l10n.t('is a socket'),
    pipe: vscode.l10n.t('is a pipe'),
    device: vscode.l10n.t('is a device'),
    excludedSecret: vscode.l10n.t('looks like a secret'),
    nestedRepository: vscode.l10n.t('is a repository of its own'),
    converted: vscode.l10n.t('only a form of it that git had converted is there'),
  };
  return texts[reason];
}

export function refusalText(why: RefusalReason): string {
  if (why.kind === 'notCaptured') {
    return vscode.l10n.t('kept, because its present content cannot be captured ({0})', skipText(why.skip));
  }
  return why.kind === 'skippedAtTarget'
    ? vscode.l10n.t('kept, because the checkpoint left it out ({0})', skipText(why.skip))
    : vscode.l10n.t('kept, because it was ignored at the checkpoint');
}
