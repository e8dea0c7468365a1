import type { Checkpoint } from '../../core/checkpoint.ts';
import { CheckpointError } from '../../core/error.ts';
import { automaticName, freeName, NAME_RULE, nameFromLabel, normalizeLabel } from '../../core/label.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { CreateRequest } from '../../core/store.ts';
import type { Clock } from '../../platform/clock.ts';
import { whyNotStateful } from './container.ts';
import { createSnapshot, describeSnapshot } from './incusRequests.ts';
import type { InstanceAccess, InstanceNow } from './instanceAccess.ts';
import type { Snapshot } from './snapshotCheckpoint.ts';
import { formatDescription, type SnapshotFacts } from './snapshotDescription.ts';

/** Incus cannot tell whether a container changed, so `ifChanged` and `covering` mean nothing here. */
export function createSnapshotCheckpoint(
  access: InstanceAccess,
  clock: Clock,
  request: CreateRequest,
  context?: OperationContext,
): Promise<Checkpoint> {
  return access.change((now) => createNow(access, now, clock, request, context), context);
}

/** For callers that hold the instance already. */
export async function createNow(
  access: InstanceAccess,
  now: InstanceNow,
  clock: Clock,
  request: CreateRequest,
  context?: OperationContext,
): Promise<Checkpoint> {
  const { instance } = now;
  const stateful = request.stateful ?? false;
  const whyNot = stateful ? whyNotStateful(instance) : undefined;
  if (whyNot !== undefined) {
    throw new CheckpointError('unsupported', `The memory cannot be held. ${whyNot}`);
  }
  const label = normalizeLabel(request.label ?? '');
  const name = chooseName(now, label, clock);
  context?.onProgress?.({ message: `Making a checkpoint of ${instance.name}` });
  await access.client.run(createSnapshot(instance.name, name, stateful), context);
  return describeCreated(access, name, { note: request.note ?? '', facts: factsOf(request, label, name) });
}

function factsOf({ origin, pairId }: CreateRequest, label: string, name: string): SnapshotFacts {
  return {
    ...(origin === 'foreign' ? {} : { origin }),
    ...(label === '' || label === name ? {} : { label }),
    ...(pairId === undefined ? {} : { pairId }),
  };
}

/** From here on the checkpoint exists, so a cancel must not leave it without its origin and note. */
async function describeCreated(
  access: InstanceAccess,
  name: string,
  description: Snapshot['description'],
): Promise<Checkpoint> {
  try {
    const { snapshot, volume } = await findByName(access, name);
    const text = formatDescription(description, snapshot.wire.created_at);
    await access.client.change(describeSnapshot(volume, name, text));
    return (await findByName(access, name)).snapshot.checkpoint;
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new CheckpointError(
      'partial',
      `The checkpoint "${name}" was made, but nothing could be noted about it. ${why}`,
      { details: { name }, cause: error },
    );
  }
}

async function findByName(access: InstanceAccess, name: string) {
  const { snapshots, volume, instance } = await access.read();
  const snapshot = snapshots.find(({ wire }) => wire.name === name);
  if (snapshot === undefined) {
    throw new CheckpointError('notFound', `The new checkpoint "${name}" of ${instance.name} is gone again.`);
  }
  return { snapshot, volume };
}

function chooseName({ snapshots, instance }: InstanceNow, label: string, clock: Clock): string {
  const taken = new Set(snapshots.map(({ wire }) => wire.name));
  if (NAME_RULE.test(label) && taken.has(label)) {
    throw nameTaken(label, instance.name);
  }
  return freeName(nameFromLabel(label) || automaticName(clock.now()), taken);
}

export function nameTaken(name: string, container: string): CheckpointError {
  return new CheckpointError('conflict', `The container "${container}" has a checkpoint "${name}" already.`, {
    hint: 'Choose another name.',
  });
}
