import { findCheckpoint } from '../app/findCheckpoint.ts';
import { requireCapability } from '../core/capabilities.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { CheckpointError } from '../core/error.ts';
import { NOW, type StatePoint } from '../core/restorePlan.ts';
import type { CheckpointStore, FileAccess } from '../core/store.ts';
import type { ToolContext } from './agentTool.ts';
import { named } from './describe.ts';

/** Two states of one store. */
export interface Span {
  readonly files: FileAccess;
  readonly from: StatePoint;
  readonly to: StatePoint;
  /** Undefined when the span begins now. */
  readonly base: Checkpoint | undefined;
  /** `from "a" (…) to now` */
  readonly text: string;
}

/**
 * The states between which an agent wants to see the difference: the newest checkpoint and now, unless it says otherwise.
 * Undefined when there is no checkpoint yet and it named none.
 */
export async function findSpan(context: ToolContext, from?: string, to?: string): Promise<Span | undefined> {
  const { files } = context.session;
  const [newest] = await files.list(context.operation);
  const first = from ?? newest?.id;
  if (first === undefined) {
    return undefined;
  }
  const [start, end] = [await findEnd(context, first), await findEnd(context, to ?? NOW)];
  const store = start.store ?? end.store ?? files;
  if (end.store !== undefined && end.store !== store) {
    throw new CheckpointError('usage', 'The two checkpoints are of different stores.', {
      hint: 'Compare each of them with now instead.',
    });
  }
  return {
    files: requireCapability(store.capabilities.files),
    from: start.point,
    to: end.point,
    base: start.checkpoint,
    text: `from ${start.text} to ${end.text}`,
  };
}

interface End {
  readonly point: StatePoint;
  readonly text: string;
  readonly checkpoint?: Checkpoint;
  readonly store?: CheckpointStore;
}

async function findEnd({ session, now }: ToolContext, text: string): Promise<End> {
  if (text === NOW) {
    return { point: NOW, text };
  }
  const { checkpoint, store } = await findCheckpoint(session.stores, text, 'files');
  return { point: checkpoint.id, text: named(checkpoint, now), checkpoint, store };
}
