import type { Disposable } from '../../core/disposable.ts';
import type { IncusRequest } from './incusRequests.ts';

/** Which project a call is about. */
export type IncusScope = { readonly project: string } | { readonly 'all-projects': 'true' };

export interface CallOptions {
  readonly scope: IncusScope;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface EventListener {
  /** One message as it came, JSON. */
  onMessage(text: string): void;
  /** The stream ended by itself. */
  onEnd(): void;
}

/**
 * A way to talk to one Incus. Failures that Incus reports have `details.said`; all others mean that it is not known
 * whether the call was done.
 */
export interface IncusTransport extends Disposable {
  /** Where it leads, for messages. */
  readonly place: string;
  /** What the answer is about: its `metadata`. For a call that starts an operation, the operation. */
  call(request: IncusRequest, options: CallOptions): Promise<unknown>;
  /** Lifecycle and operation events until disposed. */
  listen(scope: IncusScope, timeoutMs: number, listener: EventListener): Promise<Disposable>;
}
