import type { Change } from '../core/change.ts';
import { WORKABLE } from './folderWriter.ts';
import { depthOf } from './relativePath.ts';

/** A step of a restore with its place in the plan, which is part of the names of its temporary files. */
export interface NumberedStep {
  readonly index: number;
  readonly change: Change;
}

function isFolder(change: Change, end: 'before' | 'after'): boolean {
  return change[end]?.type === 'folder';
}

export function removesFile({ change }: NumberedStep): boolean {
  const goes = change.after === undefined || isFolder(change, 'after');
  return goes && change.before !== undefined && !isFolder(change, 'before');
}

export function bringsFile({ change }: NumberedStep): boolean {
  return change.after !== undefined && !isFolder(change, 'after');
}

export function bringsFolder({ change }: NumberedStep): boolean {
  return isFolder(change, 'after') && !isFolder(change, 'before');
}

function changesFolder({ change }: NumberedStep): boolean {
  return isFolder(change, 'after') && isFolder(change, 'before');
}

/** Changes of permissions that let us work in the folder come first, all others last. */
export function opensFolder(step: NumberedStep): boolean {
  return changesFolder(step) && ((step.change.after?.mode ?? 0) & WORKABLE) === WORKABLE;
}

export function closesFolder(step: NumberedStep): boolean {
  return changesFolder(step) && !opensFolder(step);
}

export function outermostFirst(a: NumberedStep, b: NumberedStep): number {
  return depthOf(a.change.path) - depthOf(b.change.path);
}

export function innermostFirst(a: NumberedStep, b: NumberedStep): number {
  return outermostFirst(b, a);
}
