import type { Change } from '../../../core/change.ts';
import type { SkippedPath, SkipReason } from '../../../core/coverage.ts';
import { CheckpointError } from '../../../core/error.ts';
import { isAtOrBelow } from '../../../core/isAtOrBelow.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import { planRestore, type RefusedPath, type RestorePlan, type StatePoint } from '../../../core/restorePlan.ts';
import { foldersAbove } from '../../../platform/relativePath.ts';
import { ignoredAtTarget } from './ignoredAtTarget.ts';
import { withSizes } from '../git/objectSizes.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { StateLookup } from '../state/stateLookup.ts';
import type { Surroundings } from '../capture/surroundings.ts';
import { diffStates } from '../state/treeDiff.ts';
import { unknownAtTarget } from './unknownAtTarget.ts';
import { workspacePath } from '../../../platform/workspacePath.ts';

/** A state with its root tree. */
export interface RootedPoint {
  readonly point: StatePoint;
  readonly root: string;
}

/** The plan that turns `now` into `target`, limited to these files and folders unless `paths` is empty. */
export async function planFileRestore(
  repository: ShadowRepository,
  now: RootedPoint,
  target: RootedPoint,
  paths: readonly string[],
  findSurroundings: () => Promise<Surroundings>,
  context?: OperationContext,
): Promise<RestorePlan> {
  const limits = new Set(paths.map(workspacePath));
  const [nowState, targetState] = await Promise.all(
    [now, target].map(({ root }) => StateLookup.open(repository, root)),
  );
  const all = await diffStates(repository, now.root, target.root, context);
  const changes = limits.size === 0 ? all : all.filter(({ path }) => isAtOrBelow(path, limits));
  const unknown = targetState && (await unknownAtTarget(repository, targetState, changes, findSurroundings));
  const { steps: wanted, refused } = planRestore({
    target: target.point,
    now: now.point,
    changes: changes.filter(({ path }) => !unknown?.has(path)),
    skippedNow: skippedAmong(changes, nowState?.extras.skipped ?? []),
    skippedAtTarget: skippedAmong(changes, targetState?.extras.skipped ?? []),
    ignoredAtTarget:
      targetState === undefined ? new Set() : await ignoredAtTarget(repository, targetState, all, findSurroundings),
  });
  const [steps = []] = await withSizes(repository, [wanted]);
  requireContents(steps);
  return { target: target.point, now: now.point, steps, refused: [...refused, ...refusedAsUnknown(unknown)] };
}

function refusedAsUnknown(unknown: ReadonlyMap<string, SkipReason> = new Map()): RefusedPath[] {
  return [...unknown].map(([path, skip]) => ({ path, why: { kind: 'skippedAtTarget', skip } }));
}

/** Why changed paths were skipped: themselves, or the folder they are in, which could not be read. */
function skippedAmong(changes: readonly Change[], skipped: readonly SkippedPath[]): Map<string, SkipReason> {
  const reasons = new Map(skipped.map(({ path, reason }) => [path, reason]));
  return new Map(
    changes.flatMap(({ path }) => {
      const reason = [path, ...foldersAbove(path)].map((place) => reasons.get(place)).find(Boolean);
      return reason === undefined ? [] : [[path, reason] as const];
    }),
  );
}

/** Better nothing is touched than a part restored: what the store lacks is found before the first step. */
function requireContents(steps: readonly Change[]): void {
  const lacking = steps.filter(
    ({ after }) => after !== undefined && after.type !== 'folder' && after.size === undefined,
  );
  if (lacking.length > 0) {
    throw new CheckpointError('corrupt', `The store lacks the content of ${lacking.length} files of this checkpoint.`, {
      hint: 'Run the doctor to see which checkpoints are damaged; the others still work.',
      details: { paths: lacking.slice(0, 20).map(({ path }) => path) },
    });
  }
}
