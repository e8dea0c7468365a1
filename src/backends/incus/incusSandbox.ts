import { available } from '../../core/capabilities.ts';
import type { CheckpointExpiry, Sandbox, SandboxDescription } from '../../core/sandbox.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { Clock } from '../../platform/clock.ts';
import { expires } from './annotateSnapshot.ts';
import { changeInstanceState } from './changeInstanceState.ts';
import { isPersistent, stateOf, toolOf, whyNotStateful } from './container.ts';
import { setSnapshotExpiry } from './incusRequests.ts';
import { type InstanceAccess, requireSnapshot } from './instanceAccess.ts';
import { poolFacts } from './poolFacts.ts';
import { createSandboxRestorer } from './sandboxRestorer.ts';

export function openSandbox(access: InstanceAccess, clock: Clock): Sandbox {
  return {
    name: access.place.name,
    describe: (context) => describe(access, context),
    changeState: available((action, context) =>
      access.change((now) => changeInstanceState(access, now.instance, action, context), context),
    ),
    restore: available(createSandboxRestorer(access, clock)),
    expiry: available(expiryOf(access)),
  };
}

async function describe(access: InstanceAccess, context?: OperationContext): Promise<SandboxDescription> {
  const { instance, volume } = await access.read(context);
  const { driver, usedBytes, totalBytes } = await poolFacts(access.client, volume.pool, context);
  const persistent = isPersistent(instance);
  const notStateful = whyNotStateful(instance);
  return {
    state: stateOf(instance),
    tool: toolOf(instance).label,
    ...(persistent === undefined ? {} : { persistent }),
    ...(notStateful === undefined ? {} : { notStateful }),
    storage: { driver, usedBytes, totalBytes },
  };
}

function expiryOf(access: InstanceAccess): CheckpointExpiry {
  return {
    read: async (id) => {
      const snapshot = requireSnapshot(await access.read(), id);
      return expires(snapshot) ? snapshot.wire.expires_at : undefined;
    },
    write: (id, expiresAt) =>
      access.change(async (now) => {
        const { wire } = requireSnapshot(now, id);
        await access.client.run(setSnapshotExpiry(now.instance.name, wire.name, expiresAt));
      }),
  };
}
