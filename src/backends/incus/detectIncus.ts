import type { Disposable } from '../../core/disposable.ts';
import { CheckpointError, type ErrorReason } from '../../core/error.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { connectIncus, type IncusAddress } from './connectIncus.ts';
import { type DetectedContainer, detectContainers, type FolderQuestion } from './detectContainers.ts';
import { createIncusClient, INCUS_TIMING, type IncusClient, type IncusTiming } from './incusClient.ts';
import { watchIncus } from './incusEvents.ts';
import { getInstances } from './incusRequests.ts';
import type { IncusTransport } from './incusTransport.ts';
import { instancesSchema } from './incusWire.ts';

export interface DetectIncusOptions extends FolderQuestion {
  readonly runner: ProcessRunner;
  readonly address?: IncusAddress;
  /** Only this project; all that may be seen unless given. */
  readonly project?: string | undefined;
  readonly timing?: IncusTiming;
}

/** What was found on this machine for one workspace folder. */
export interface IncusDetection extends Disposable {
  readonly containers: readonly DetectedContainer[];
  /** Why there is none. Quiet: most folders have none, and most machines no Incus. */
  readonly problem?: { readonly reason: ErrorReason; readonly message: string; readonly hint?: string };
  /** A client for the store of a found container; the store disposes of it. */
  connect(container: DetectedContainer): Promise<IncusClient>;
  /** Tells when a container came, went, or changed, so that another detection may find something else. */
  watch(onChange: () => void): Disposable;
}

/** Never throws but for `cancelled`: what goes wrong is the `problem`. */
export async function detectIncus(options: DetectIncusOptions, context?: OperationContext): Promise<IncusDetection> {
  const timing = options.timing ?? INCUS_TIMING;
  try {
    return await detect(options, timing, context);
  } catch (error) {
    if (!(error instanceof CheckpointError) || error.reason === 'cancelled') {
      throw error;
    }
    return failedDetection(error);
  }
}

export function failedDetection(failure: CheckpointError): IncusDetection {
  const { reason, message, hint } = failure;
  const nothing = { dispose: () => undefined };
  return {
    ...nothing,
    containers: [],
    problem: { reason, message, ...(hint === undefined ? {} : { hint }) },
    connect: () => Promise.reject(failure),
    watch: () => nothing,
  };
}

async function detect(
  options: DetectIncusOptions,
  timing: IncusTiming,
  context?: OperationContext,
): Promise<IncusDetection> {
  const open = (): Promise<IncusTransport> =>
    connectIncus(options.runner, options.env, options.address, context?.signal);
  const project = options.project || options.env['INCUS_PROJECT'] || undefined;
  const transport = await open();
  const client = createIncusClient(transport, project === undefined ? { 'all-projects': 'true' } : { project }, timing);
  try {
    const instances = await client.read(getInstances(), instancesSchema, context);
    const { found, missing } = detectContainers(instances, options);
    return {
      containers: found,
      ...problemOf(found, missing),
      connect: async (container) => createIncusClient(await open(), { project: container.project }, timing),
      watch: (onChange) => watchContainers(client, onChange),
      dispose: () => client.dispose(),
    };
  } catch (error) {
    client.dispose();
    throw error;
  }
}

function problemOf(found: readonly DetectedContainer[], missing: string | undefined): Pick<IncusDetection, 'problem'> {
  if (missing !== undefined) {
    const message = `The container "${missing}" was not found.`;
    return { problem: { reason: 'notFound', message, hint: 'Choose another container.' } };
  }
  return found.length > 0
    ? {}
    : {
        problem: { reason: 'notFound', message: 'No container has this folder as its workspace.', hint: 'Choose one.' },
      };
}

/** Actions after which another detection may find something else. */
const DECISIVE = ['instance-created', 'instance-deleted', 'instance-renamed', 'instance-updated', 'instance-restored'];

function watchContainers(client: IncusClient, onChange: () => void): Disposable {
  let connectedBefore = false;
  return watchIncus(client, {
    onEvent: ({ action }) => {
      if (DECISIVE.includes(action)) {
        onChange();
      }
    },
    onConnected: () => {
      if (connectedBefore) {
        onChange();
      }
      connectedBefore = true;
    },
    onLost: () => undefined,
  });
}
