import * as vscode from 'vscode';
import { NOW } from '../../core/restorePlan.ts';
import { changesBetween, openDiff, openMultiDiff, type Comparison } from '../comparison.ts';
import { age } from '../format.ts';
import { BACK } from '../prompts.ts';
import type { Surface } from '../surface.ts';
import { versionChange, versionComparison, type Row } from '../views/rows.ts';
import {
  can,
  chooseCheckpoint,
  locatedIn,
  pickCheckpoint,
  rowOf,
  withoutBack,
  type CommandArguments,
  type Located,
} from './targets.ts';

/** What a checkpoint, a file in it, or "Now" changed. */
export async function compareWithPrevious(surface: Surface, args: CommandArguments): Promise<void> {
  const row = rowOf(args);
  if (row?.kind === 'change' || row?.kind === 'nowChange') {
    await openDiff(row.comparison, row.change);
  } else if (row?.kind === 'version') {
    await openDiff(versionComparison(row), versionChange(row));
  } else if (row?.kind === 'now') {
    const { open } = row;
    await show(surface, { open, store: open.session.files, from: open.newest?.id, to: NOW });
  } else {
    await compareChosenWithPrevious(surface, args);
  }
}

async function compareChosenWithPrevious(surface: Surface, args: CommandArguments): Promise<void> {
  const chosen = await chooseCheckpoint(surface, args, vscode.l10n.t('Compare with Previous'), 'files');
  if (chosen !== undefined) {
    const { open, checkpoint } = chosen;
    const from = open.previous(checkpoint)?.id;
    await show(surface, { open, store: open.storeOf(checkpoint), from, to: checkpoint.id });
  }
}

export async function compareWithWorkspace(surface: Surface, args: CommandArguments): Promise<void> {
  const row = rowOf(args);
  const chosen = await chooseCheckpoint(surface, args, vscode.l10n.t('Compare with Workspace'), 'files');
  if (chosen === undefined) {
    return;
  }
  const { open, checkpoint } = chosen;
  const comparison = { open, store: open.storeOf(checkpoint), from: checkpoint.id, to: NOW };
  const path = row === undefined ? undefined : pathOf(row);
  await (path === undefined ? show(surface, comparison) : showOne(surface, comparison, path));
}

/** Two selected checkpoints, else two states that are asked for. */
export async function compareCheckpoints(surface: Surface, args: CommandArguments): Promise<void> {
  const [a, b] = locatedIn(args);
  if (a !== undefined && b !== undefined) {
    await compareTwo(surface, a, b);
    return;
  }
  for (;;) {
    const first = a ?? withoutBack(await pickFirst(surface));
    const second = first === undefined ? undefined : await pickOther(surface, first, a === undefined);
    if (second !== BACK) {
      if (first !== undefined && second !== undefined) {
        await compareTwo(surface, first, second);
      }
      return;
    }
  }
}

export async function selectForCompare(surface: Surface, args: CommandArguments): Promise<void> {
  const [chosen] = locatedIn(args);
  surface.compareSelection = chosen;
  surface.keys.set({ hasCompareSelection: chosen !== undefined });
}

export async function compareWithSelected(surface: Surface, args: CommandArguments): Promise<void> {
  const [chosen] = locatedIn(args);
  if (chosen !== undefined && surface.compareSelection !== undefined) {
    await compareTwo(surface, surface.compareSelection, chosen);
  }
}

function pickFirst(surface: Surface): Promise<Located | typeof BACK | undefined> {
  const title = vscode.l10n.t('Compare (1 of 2)');
  return pickCheckpoint(surface, { title }, (located) => can(located, 'files'));
}

type Point = Located | 'workspace';

async function pickOther(
  surface: Surface,
  first: Located,
  canGoBack: boolean,
): Promise<Point | typeof BACK | undefined> {
  const { open, checkpoint } = first;
  const others = open.checkpointsOf(open.storeOf(checkpoint)).filter(({ id }) => id !== checkpoint.id);
  const choices = [
    { label: vscode.l10n.t('Now'), description: vscode.l10n.t('the workspace as it is'), value: 'workspace' as const },
    ...others.map((other) => ({
      label: other.label,
      description: age(other.createdAt),
      value: { open, checkpoint: other },
    })),
  ];
  const placeholder = vscode.l10n.t('Choose what to compare "{0}" with', checkpoint.label);
  return surface.prompts.pick<Point>(choices, { title: vscode.l10n.t('Compare (2 of 2)'), placeholder, canGoBack });
}

/** The older one is on the left, in whatever order they were chosen. */
async function compareTwo(surface: Surface, first: Located, second: Point): Promise<void> {
  const { open, checkpoint } = first;
  const store = open.storeOf(checkpoint);
  if (second === 'workspace') {
    await show(surface, { open, store, from: checkpoint.id, to: NOW });
    return;
  }
  if (second.checkpoint.store !== checkpoint.store || second.open !== open) {
    surface.view.say(vscode.l10n.t('Only checkpoints of one store can be compared.'));
    return;
  }
  const ids = open.checkpointsOf(store).map(({ id }) => id);
  const [to, from] = [checkpoint.id, second.checkpoint.id].toSorted((a, b) => ids.indexOf(a) - ids.indexOf(b));
  await show(surface, { open, store, from, to: to ?? checkpoint.id });
}

async function show(surface: Surface, comparison: Comparison): Promise<void> {
  const changes = await changesBetween(comparison);
  if (changes.length === 0) {
    surface.view.say(vscode.l10n.t('No differences.'));
  } else {
    await openMultiDiff(comparison, changes);
  }
}

async function showOne(surface: Surface, comparison: Comparison, path: string): Promise<void> {
  const change = (await changesBetween(comparison)).find((candidate) => candidate.path === path);
  if (change === undefined) {
    surface.view.say(vscode.l10n.t('"{0}" is in the workspace as it was then.', path.toWellFormed()));
  } else {
    await openDiff(comparison, change);
  }
}

function pathOf(row: Row): string | undefined {
  if (row.kind === 'change') {
    return row.change.path;
  }
  return row.kind === 'version' ? row.path : undefined;
}
