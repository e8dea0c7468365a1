import * as vscode from 'vscode';
import type { Checkpoint } from '../../core/checkpoint.ts';
import type { Capabilities } from '../../core/store.ts';
import { age, changesText, totalOf } from '../format.ts';
import type { OpenFolder } from '../openFolder.ts';
import { BACK, type Choice, type PickOptions } from '../prompts.ts';
import type { Surface } from '../surface.ts';
import type { VersionTimelineItem } from '../timeline.ts';
import type { Row } from '../views/rows.ts';

/** A checkpoint with the folder it is of. */
export interface Located {
  readonly open: OpenFolder;
  readonly checkpoint: Checkpoint;
}

/** What VS Code hands over: the row, file or Timeline item that was clicked, and all selected ones. Nothing from the palette. */
export type CommandArguments = readonly unknown[];

const ROW_KINDS: readonly string[] = [
  'store',
  'now',
  'session',
  'day',
  'automatic',
  'checkpoint',
  'change',
  'nowChange',
  'version',
] satisfies readonly Row['kind'][];

/** The row that a command was called on. */
export function rowOf([first]: CommandArguments): Row | undefined {
  const candidate = isTimelineItem(first) ? first.row : first;
  return isRow(candidate) ? candidate : undefined;
}

/** The file or folder that a command was called on. */
export function uriOf([first]: CommandArguments): vscode.Uri | undefined {
  return first instanceof vscode.Uri ? first : undefined;
}

/**
 * The checkpoints that a command was called on: those among the selected rows when the clicked one is one of several. A file,
 * day or other row that is selected too does not stand for its checkpoint: a range of rows has them in between.
 */
export function locatedIn(args: CommandArguments): readonly Located[] {
  const clicked = rowOf(args);
  const selected = Array.isArray(args[1]) ? args[1].filter(isRow) : [];
  if (clicked !== undefined && selected.length > 1 && selected.includes(clicked)) {
    return selected.filter((row) => row.kind === 'checkpoint');
  }
  return clicked !== undefined && 'checkpoint' in clicked ? [clicked] : [];
}

/** The checkpoint that a command was called on, or that a person chooses among those with which it is possible. */
export async function chooseCheckpoint(
  surface: Surface,
  args: CommandArguments,
  title: string,
  needed?: keyof Capabilities,
): Promise<Located | undefined> {
  const [located] = locatedIn(args);
  return located ?? withoutBack(await pickCheckpoint(surface, { title }, (each) => can(each, needed)));
}

export function can({ open, checkpoint }: Located, needed?: keyof Capabilities): boolean {
  return needed === undefined || open.storeOf(checkpoint).capabilities[needed].available;
}

/** The checkpoints that a command was called on, or that a person chooses. */
export async function chooseCheckpoints(
  surface: Surface,
  args: CommandArguments,
  title: string,
): Promise<readonly Located[]> {
  const located = locatedIn(args);
  return located.length > 0 ? located : ((await surface.prompts.pickMany(checkpointChoices(surface), { title })) ?? []);
}

export async function pickCheckpoint(
  surface: Surface,
  options: PickOptions,
  isOffered: (located: Located) => boolean = () => true,
): Promise<Located | typeof BACK | undefined> {
  const choices = checkpointChoices(surface).filter(({ value }) => isOffered(value));
  return surface.prompts.pick(choices, { placeholder: vscode.l10n.t('Choose a checkpoint'), ...options });
}

export function withoutBack<T>(answer: T | typeof BACK | undefined): T | undefined {
  return answer === BACK ? undefined : answer;
}

/** The open folder that a command is about: the row's, the file's, the only one, or the one that a person chooses. */
export async function chooseFolder(
  surface: Surface,
  args: CommandArguments,
  title: string,
): Promise<OpenFolder | undefined> {
  const uri = uriOf(args);
  const open = rowOf(args)?.open ?? (uri === undefined ? undefined : surface.folders.of(uri));
  const { all } = surface.folders;
  if (open !== undefined || all.length < 2) {
    return open ?? all[0];
  }
  const choices = all.map((folder) => ({ label: folder.folder.name, value: folder }));
  const placeholder = vscode.l10n.t('Choose a folder');
  return withoutBack(await surface.prompts.pick(choices, { title, placeholder }));
}

function checkpointChoices(surface: Surface): Choice<Located>[] {
  const { all } = surface.folders;
  return all.flatMap((open) =>
    open.checkpoints.map((checkpoint) => checkpointChoice(open, checkpoint, all.length > 1)),
  );
}

function checkpointChoice(open: OpenFolder, checkpoint: Checkpoint, isMultiRoot: boolean): Choice<Located> {
  const changes = checkpoint.changes === undefined ? '' : changesText(totalOf(checkpoint.changes));
  const store = open.session.stores.length > 1 ? open.storeOf(checkpoint).info.label : '';
  const facts = [age(checkpoint.createdAt), changes, store, isMultiRoot ? open.folder.name : ''];
  return {
    label: checkpoint.label,
    description: facts.filter(Boolean).join(' · '),
    ...(checkpoint.note === '' ? {} : { detail: checkpoint.note }),
    value: { open, checkpoint },
  };
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'kind' in value && ROW_KINDS.includes(String(value.kind));
}

function isTimelineItem(value: unknown): value is VersionTimelineItem {
  return typeof value === 'object' && value !== null && 'row' in value;
}
