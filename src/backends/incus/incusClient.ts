import type { z } from 'zod';
import type { Disposable } from '../../core/disposable.ts';
import { CheckpointError, type ErrorReason, isCheckpointError, throwIfCancelled } from '../../core/error.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import { incusFailure, unknownOutcome } from './incusErrors.ts';
import { getOperation, type IncusRequest, waitForOperation } from './incusRequests.ts';
import type { EventListener, IncusScope, IncusTransport } from './incusTransport.ts';
import { operationSchema, type WireOperation } from './incusWire.ts';

/** Incus itself has no limits: one that hangs never answers. All in milliseconds. */
export interface IncusTiming {
  /** How long one answer may take. */
  readonly answer: number;
  /** How long one wait for an operation asks for. The operation itself may take any time, as long as Incus answers. */
  readonly slice: number;
}

/** Reasons for which Incus was not reached at all. */
const NOT_SENT: readonly ErrorReason[] = ['notInstalled', 'noPermission', 'usage'];

/** A read is refused only for the moments in which a container changes its state. */
const READ_ATTEMPTS = 10;
const READ_AGAIN_MS = 100;

export const INCUS_TIMING: IncusTiming = { answer: 15_000, slice: 5000 };

/** Calls to one Incus about one project (or all), with time-outs, cancelling, checked answers and errors with reasons. */
export interface IncusClient extends Disposable {
  readonly place: string;
  read<T>(request: IncusRequest, schema: z.ZodType<T>, context?: OperationContext): Promise<T>;
  /** A change that is done when it is answered. */
  change(request: IncusRequest, context?: OperationContext): Promise<void>;
  /** A change that Incus does as an operation; resolves at its end. Cancelling stops only the waiting. */
  run(request: IncusRequest, context?: OperationContext): Promise<void>;
  listen(listener: EventListener): Promise<Disposable>;
}

export function createIncusClient(
  transport: IncusTransport,
  scope: IncusScope,
  timing: IncusTiming = INCUS_TIMING,
): IncusClient {
  return new TransportClient(transport, scope, timing);
}

class TransportClient implements IncusClient {
  readonly #transport: IncusTransport;
  readonly #scope: IncusScope;
  readonly #timing: IncusTiming;

  constructor(transport: IncusTransport, scope: IncusScope, timing: IncusTiming) {
    this.#transport = transport;
    this.#scope = scope;
    this.#timing = timing;
  }

  get place(): string {
    return this.#transport.place;
  }

  async read<T>(request: IncusRequest, schema: z.ZodType<T>, context?: OperationContext): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return parse(request, schema, await this.#call(request, context));
      } catch (error) {
        if (attempt === READ_ATTEMPTS || !isCheckpointError(error, 'busy')) {
          throw error;
        }
        await pause(READ_AGAIN_MS);
      }
    }
  }

  async change(request: IncusRequest, context?: OperationContext): Promise<void> {
    await this.#send(request, context);
  }

  async run(request: IncusRequest, context?: OperationContext): Promise<void> {
    const { id } = parse(request, operationSchema, await this.#send(request, context));
    const waiting = waitForOperation(id, this.#timing.slice / 1000);
    for (let ended = false; !ended;) {
      try {
        await this.#call(waiting, context, this.#timing.slice);
        ended = true;
      } catch (error) {
        ended = await this.#hasSucceeded(id, request, error);
      }
    }
  }

  listen(listener: EventListener): Promise<Disposable> {
    return this.#transport.listen(this.#scope, this.#timing.answer, listener);
  }

  dispose(): void {
    this.#transport.dispose();
  }

  #call(request: IncusRequest, context?: OperationContext, extraMs = 0): Promise<unknown> {
    const timeoutMs = this.#timing.answer + extraMs;
    return this.#transport.call(request, { scope: this.#scope, timeoutMs, signal: context?.signal });
  }

  /** A change that got no answer may have been done. */
  async #send(request: IncusRequest, context?: OperationContext): Promise<unknown> {
    throwIfCancelled(context?.signal);
    try {
      return await this.#call(request, context);
    } catch (error) {
      const unchanged = saidBy(error) !== undefined || (isCheckpointError(error) && NOT_SENT.includes(error.reason));
      throw unchanged ? error : unknownOutcome(request.what, error);
    }
  }

  /** A wait that ran out looks like an operation that failed, so the operation is asked. False while it goes on. */
  async #hasSucceeded(id: string, request: IncusRequest, error: unknown): Promise<boolean> {
    const said = saidBy(error);
    const operation = said === undefined ? undefined : await this.#find(id);
    if (said === undefined || operation === undefined) {
      throw unknownOutcome(request.what, error);
    }
    if (operation.status_code >= 400) {
      throw incusFailure(request.what, operation.err === '' ? said : operation.err);
    }
    return operation.status_code === 200;
  }

  async #find(id: string): Promise<WireOperation | undefined> {
    try {
      return await this.read(getOperation(id), operationSchema);
    } catch {
      return undefined;
    }
  }
}

/** What Incus itself reported; undefined for all other failures. */
function saidBy(error: unknown): string | undefined {
  const said = isCheckpointError(error) ? error.details['said'] : undefined;
  return typeof said === 'string' ? said : undefined;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** @throws CheckpointError `corrupt` when the answer does not have the form that is documented. */
function parse<T>(request: IncusRequest, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
    throw new CheckpointError('corrupt', `${request.what} failed: the answer of Incus was not understood${where}.`, {
      details: { path: request.path },
      cause: parsed.error,
    });
  }
  return parsed.data;
}
