import type { StoreState } from '../../core/backend.ts';
import { isCheckpointError } from '../../core/error.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { SandboxAction } from '../../core/sandbox.ts';
import { stateOf } from './container.ts';
import { changeState, getInstance } from './incusRequests.ts';
import { instanceSchema, type WireInstance } from './incusWire.ts';
import type { InstanceAccess } from './instanceAccess.ts';

const RESULT: Readonly<Record<SandboxAction, StoreState>> = {
  start: 'running',
  stop: 'stopped',
  freeze: 'frozen',
  unfreeze: 'running',
};

/** How long its processes have to end by themselves. */
const CLEAN_STOP_SECONDS = 30;

/** Brings the instance into the state that the action is for, by way of others where needed. */
export async function changeInstanceState(
  access: InstanceAccess,
  instance: WireInstance,
  action: SandboxAction,
  context?: OperationContext,
): Promise<StoreState> {
  const { name } = instance;
  const state = stateOf(instance);
  if (state === RESULT[action]) {
    return state;
  }
  context?.onProgress?.({ message: `${PROGRESS[action]} ${name}` });
  if (state === 'frozen' && action !== 'unfreeze') {
    // What is frozen cannot hear that it is to end.
    await access.client.run(changeState(name, 'unfreeze', CLEAN_STOP_SECONDS, false), context);
  }
  if (action === 'stop') {
    await stop(access, name, context);
  } else if (!(state === 'frozen' && action === 'start')) {
    await access.client.run(changeState(name, action, CLEAN_STOP_SECONDS, false), context);
  }
  return stateOf(await access.client.read(getInstance(name), instanceSchema));
}

const PROGRESS: Readonly<Record<SandboxAction, string>> = {
  start: 'Starting',
  stop: 'Stopping',
  freeze: 'Pausing',
  unfreeze: 'Resuming',
};

async function stop(access: InstanceAccess, name: string, context?: OperationContext): Promise<void> {
  try {
    await access.client.run(changeState(name, 'stop', CLEAN_STOP_SECONDS, false), context);
  } catch (error) {
    if (!isCheckpointError(error, 'commandFailed') || error.details['said'] === undefined) {
      throw error;
    }
    context?.onProgress?.({ message: `Ending ${name}, which did not stop by itself` });
    await access.client.run(changeState(name, 'stop', CLEAN_STOP_SECONDS, true), context);
  }
}
