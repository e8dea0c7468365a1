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
  const call = (request: IncusRequest, context?: OperationContext, extraMs = 0): Promise<unknown> =>
    transport.call(request, { scope, timeoutMs: timing.answer + extraMs, signal: context?.signal });

  const read = async <T>(request: IncusRequest, schema: z.ZodType<T>, context?: OperationContext): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return parse(request, schema, await call(request, context));
      } catch (error) {
        if (request.method !== 'GET' || attempt === READ_ATTEMPTS || !isCheckpointError(error, 'busy')) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
      }
    }
  };

  const wait = async (started: WireOperation, request: IncusRequest, context?: OperationContext): Promise<void> => {
    const waiting = waitForOperation(started.id, timing.slice / 1000);
    for (let ended = false; !ended; ) {
      try {
        await call(waiting, context, timing.slice);
        return;
      } catch (error) {
        // A wait that ran out looks like an operation that failed, so the operation is asked.
        const said = isCheckpointError(error) ? error.details['said'] : undefined;
        const operation = said === undefined ? undefined : await find(started.id);
        if (operation === undefined) {
          throw unknownOutcome(request.what, error);
        }
        if (operation.status_code >= 400) {
          throw incusFailure(request.what, operation.err === '' ? String(said) : operation.err);
        }
        ended = operation.status_code === 200;
      }
    }
  };

  /** A change that got no answer may have been done. */
  const send = async <T>(request: IncusRequest, work: () => Promise<T>, context?: OperationContext): Promise<T> => {
    throwIfCancelled(context?.signal);
    try {
      return await work();
    } catch (error) {
      const refused = isCheckpointError(error) && (NOT_SENT.includes(error.reason) || error.details['said'] !== undefined);
      throw refused ? error : unknownOutcome(request.what, error);
    }
  };

  const find = async (id: string): Promise<WireOperation | undefined> =>
    read(getOperation(id), operationSchema).catch(() => undefined);

  return {
    place: transport.place,
    read,
    change: async (request, context) => {
      await send(request, () => call(request, context), context);
    },
    run: async (request, context) => {
      const started = await send(request, () => read(request, operationSchema, context), context);
      await wait(started, request, context);
    },
    listen: (listener) => transport.listen(scope, timing.answer, listener),
    dispose: () => transport.dispose(),
  };
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
