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
  const facts: SnapshotFacts = {
    ...(request.origin === 'foreign' ? {} : { origin: request.origin }),
    ...(label === '' || label === name ? {} : { label }),
  };
  try {
    return await describeCreated(access, name, { note: request.note ?? '', facts });
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new CheckpointError('partial', `The checkpoint "${name}" was made, but nothing could be noted about it. ${why}`, {
      details: { name },
      cause: error,
    });
  }
}

async function describeCreated(
  access: InstanceAccess,
  name: string,
  description: Snapshot['description'],
): Promise<Checkpoint> {
  // From here on the checkpoint exists, so a cancel must not leave it without its origin and note.
  const made = await findByName(access, name);
  await access.client.change(
    describeSnapshot(made.volume, name, formatDescription(description, made.snapshot.wire.created_at)),
  );
  return (await findByName(access, name)).snapshot.checkpoint;
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
