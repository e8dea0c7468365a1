import {
  Agent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { CheckpointError, throwIfCancelled } from '../core/error.ts';

/** Where a server is: a unix socket of this machine, or a host with a client certificate. */
export type HttpServer =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly certificate: ClientCertificate };

/** PEM texts. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** The server's own certificate, known beforehand; its name does not matter then. */
  readonly server?: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * HTTP/1.1 over connections that are kept. Throws `timedOut` and `cancelled`; a connection that fails throws the
 * system's error with its `code`.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Turns a connection into one of another protocol (`headers.Upgrade` names it). */
  upgrade(request: Omit<HttpRequest, 'method' | 'body'>): Promise<UpgradedConnection>;
  dispose(): void;
}

/** `socket` belongs to the caller from now on. An answer other than 101 is a refusal: `socket` is undefined. */
export interface UpgradedConnection {
  readonly answer: HttpAnswer;
  readonly socket: Duplex | undefined;
}

export function createHttpClient(server: HttpServer): HttpClient {
  const wire = 'socketPath' in server ? overSocket(server.socketPath) : overTls(server);
  return {
    request: (request) =>
      withinTime(request, async (signal) => {
        const { message } = await exchange(wire, request, signal);
        return readAnswer(message);
      }),
    upgrade: (request) =>
      withinTime(request, async (signal) => {
        const { message, socket } = await exchange(wire, { ...request, method: 'GET' }, signal);
        const answer =
          socket === undefined
            ? await readAnswer(message)
            : { status: 101, headers: message.headers, body: Buffer.of() };
        return { answer, socket };
      }),
    dispose: () => wire.agent.destroy(),
  };
}

interface Wire {
  readonly agent: Agent;
  start(options: RequestOptions): ClientRequest;
}

function overSocket(socketPath: string): Wire {
  const agent = new Agent({ keepAlive: true });
  return { agent, start: (options) => httpRequest({ ...options, socketPath, agent }) };
}

function overTls({ host, port, certificate }: Exclude<HttpServer, { socketPath: string }>): Wire {
  const { cert, key, server } = certificate;
  const trust = server === undefined ? {} : { ca: server, checkServerIdentity: () => undefined };
  const agent = new SecureAgent({ keepAlive: true, cert, key, ...trust });
  return { agent, start: (options) => httpsRequest({ ...options, host, port, agent }) };
}

interface Exchange {
  readonly message: IncomingMessage;
  readonly socket?: Duplex;
}

function exchange(wire: Wire, request: HttpRequest, signal: AbortSignal): Promise<Exchange> {
  const { method, path, headers, body } = request;
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    wire
      .start({ method, path, signal, headers: { ...headers, ...length } })
      .once('error', reject)
      .once('response', (message) => resolve({ message }))
      .once('upgrade', (message, socket, head) => {
        socket.unshift(head);
        resolve({ message, socket });
      })
      .end(body);
  });
}

async function readAnswer(message: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
  }
  return { status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks) };
}

/** An own deadline and not `AbortSignal.timeout`: an upgraded connection must outlive it. */
async function withinTime<T>(request: Timed, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, timeoutMs, path } = request;
  throwIfCancelled(signal);
  const own = new AbortController();
  const stop = (): void => own.abort();
  const timer = setTimeout(stop, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work(own.signal);
  } catch (error) {
    throwIfCancelled(signal);
    if (own.signal.aborted) {
      throw new CheckpointError('timedOut', `No answer to "${path}" within ${timeoutMs} ms.`, { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

type Timed = Pick<HttpRequest, 'signal' | 'timeoutMs' | 'path'>;
