import * as vscode from 'vscode';
import { revertChoices, type LocatedVersion } from '../../app/fileVersions.ts';
import { revertFiles } from '../../app/restoreCheckpoint.ts';
import { requireCapability } from '../../core/capabilities.ts';
import { NOW } from '../../core/restorePlan.ts';
import { age, linesText } from '../format.ts';
import type { Choice } from '../prompts.ts';
import type { Surface } from '../surface.ts';
import { requireTrust } from '../trust.ts';
import { fileOf, type FileInFolder } from '../views/fileHistoryView.ts';
import { runRestore } from './restoreDialog.ts';
import { rowOf, uriOf, withoutBack, type CommandArguments, type Located } from './targets.ts';

/** Counting lines reads both versions: beyond these a person hardly looks. */
const MOST_COUNTED = 30;

/** A row knows the version to go back to; for a file it is asked for. */
export async function revertFile(surface: Surface, args: CommandArguments): Promise<void> {
  const row = rowOf(args);
  if (row?.kind === 'change' || row?.kind === 'nowChange') {
    await revert(surface, row, row.change.path);
  } else if (row?.kind === 'version') {
    await revert(surface, row, row.path);
  } else {
    await revertAsked(surface, fileFor(surface, args));
  }
}

function fileFor(surface: Surface, args: CommandArguments): FileInFolder | undefined {
  const uri = uriOf(args) ?? vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? surface.fileHistory.file : fileOf(surface.folders, uri);
}

async function revertAsked(surface: Surface, file: FileInFolder | undefined): Promise<void> {
  if (file === undefined) {
    await surface.prompts.tell('information', vscode.l10n.t('Open the file that you want to revert, then try again.'));
    return;
  }
  const { open, path } = file;
  const choices = await versionChoices(file);
  if (choices.length === 0) {
    const message = vscode.l10n.t('No checkpoint has another version of "{0}".', path);
    await surface.prompts.tell('information', message);
    return;
  }
  const title = vscode.l10n.t('Revert "{0}"', path);
  const placeholder = vscode.l10n.t('Choose the version to go back to');
  const chosen = withoutBack(await surface.prompts.pick(choices, { title, placeholder }));
  if (chosen !== undefined) {
    await revert(surface, { open, checkpoint: chosen.checkpoint }, path);
  }
}

async function versionChoices({ open, path }: FileInFolder): Promise<readonly Choice<LocatedVersion>[]> {
  requireTrust();
  const store = open.session.files;
  const files = requireCapability(store.capabilities.files);
  const versions = await revertChoices(store, path);
  return Promise.all(
    versions.map(async (located, at) => {
      const { checkpoint, version } = located;
      const lines = at < MOST_COUNTED ? linesText(await files.lineCounts(NOW, checkpoint.id, path)) : '';
      const what = version.entry === undefined ? vscode.l10n.t('does not exist: deletes the file') : lines;
      const description = [age(checkpoint.createdAt), what].filter(Boolean).join(' · ');
      return { label: checkpoint.label, description, value: located };
    }),
  );
}

async function revert(surface: Surface, { open, checkpoint }: Located, path: string): Promise<void> {
  const target = { checkpoint, store: open.storeOf(checkpoint) };
  await runRestore(surface, open, vscode.l10n.t('Reverting "{0}"', path), (questions, task) =>
    revertFiles(open.session, target, [path], questions, task),
  );
}
