import type { OperationContext } from '../../../core/operationContext.ts';
import { NOW, type StatePoint } from '../../../core/restorePlan.ts';
import { capture } from '../checkpoints/createCheckpoint.ts';
import { explainingFailures } from '../maintenance/explainFailure.ts';
import { seenRoot } from '../capture/seenState.ts';
import type { States } from './states.ts';
import type { StoreParts } from '../storeParts.ts';

/** The states of a store and of its folder. `looked` is called after a capture that no checkpoint holds. */
export function storedStates(parts: StoreParts, looked: () => void): States {
  let passing = '';
  const captureNow = (context?: OperationContext, covering?: string): Promise<string> =>
    parts.lock.run(async () => {
      const newest = (await parts.catalog.read()).checkpoints.at(-1);
      const { root } = await capture(parts, newest?.root, covering, context);
      if (root !== newest?.root && root !== passing) {
        passing = root;
        await parts.repacker.notePassing();
      }
      return root;
    }, context);
  const lookNow = async (context?: OperationContext, covering?: string): Promise<string> => {
    const root = await explainingFailures(() => captureNow(context, covering));
    looked();
    return root;
  };
  return {
    rootOf: async (point: StatePoint, context, covering) =>
      point === NOW ? lookNow(context, covering) : (seenRoot(point) ?? (await parts.catalog.get(point)).root),
  };
}
