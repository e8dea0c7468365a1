import { CheckpointError } from './error.ts';

/** Something a store can do, or the reason why it cannot: one sentence for people. */
export type Capability<Operation> =
  | { readonly available: true; readonly use: Operation }
  | { readonly available: false; readonly reason: string };

export function available<Operation>(use: Operation): Capability<Operation> {
  return { available: true, use };
}

export function unavailable(reason: string): { readonly available: false; readonly reason: string } {
  return { available: false, reason };
}

/**
 * The operation itself.
 * @throws CheckpointError `unsupported` with the capability's reason when it is absent.
 */
export function requireCapability<Operation>(capability: Capability<Operation>): Operation {
  if (!capability.available) {
    throw new CheckpointError('unsupported', capability.reason);
  }
  return capability.use;
}
