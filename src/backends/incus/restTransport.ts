import { CheckpointError } from '../../core/error.ts';
import { errorCode } from '../../platform/atomicFile.ts';
import { createHttpClient, type HttpAnswer, type HttpClient, type HttpServer } from '../../platform/httpClient.ts';
import { openWebSocket } from '../../platform/webSocket.ts';
import { connectionFailure, incusFailure } from './incusErrors.ts';
import { type IncusRequest, requestTarget } from './incusRequests.ts';
import type { CallOptions, EventListener, IncusScope, IncusTransport } from './incusTransport.ts';
import { answerSchema } from './incusWire.ts';

/** The REST API, over the unix socket of this machine or over HTTPS. */
export function createRestTransport(server: HttpServer): IncusTransport {
  const http = createHttpClient(server);
  const place = 'socketPath' in server ? server.socketPath : `${server.host}:${server.port}`;
  return {
    place,
    call: async (request, options) => metadataOf(request, await connected(place, () => send(http, request, options))),
    listen: (scope, timeoutMs, listener) => connected(place, () => listen(http, scope, timeoutMs, listener)),
    dispose: () => http.dispose(),
  };
}

async function send(http: HttpClient, request: IncusRequest, options: CallOptions): Promise<HttpAnswer> {
  const { scope, timeoutMs, signal } = options;
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  const headers = { 'Content-Type': 'application/json' };
  const sent = { method: request.method, path: requestTarget(request, scope), headers, timeoutMs, signal, ...body };
  try {
    return await http.request(sent);
  } catch (error) {
    // A kept connection may be closed by the server at the moment of its reuse. Only a read may be done twice.
    if (request.method === 'GET' && errorCode(error) === 'ECONNRESET') {
      return http.request(sent);
    }
    throw error;
  }
}

function listen(http: HttpClient, scope: IncusScope, timeoutMs: number, listener: EventListener) {
  const path = requestTarget(
    { method: 'GET', path: '/1.0/events', query: { type: 'lifecycle,operation' }, what: '' },
    scope,
  );
  return openWebSocket(http, path, timeoutMs, {
    onText: (text) => listener.onMessage(text),
    onClose: () => listener.onEnd(),
  });
}

async function connected<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CheckpointError) {
      throw error;
    }
    throw connectionFailure(place, errorCode(error), error);
  }
}

/** @throws CheckpointError `corrupt` for an answer that is none. */
function metadataOf(request: IncusRequest, answer: HttpAnswer): unknown {
  const parsed = answerSchema.safeParse(parseJson(answer.body));
  if (!parsed.success) {
    throw new CheckpointError('corrupt', `${request.what} failed: the answer of Incus was not understood.`, {
      details: { status: answer.status, path: request.path },
      cause: parsed.error,
    });
  }
  if (parsed.data.type === 'error') {
    throw incusFailure(request.what, parsed.data.error, parsed.data.error_code);
  }
  return parsed.data.metadata;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
