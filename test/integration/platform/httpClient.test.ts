import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import os from 'node:os';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Disposable } from '../../../src/core/disposable.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import { errorCode } from '../../../src/platform/atomicFile.ts';
import { createHttpClient, type HttpClient } from '../../../src/platform/httpClient.ts';
import { openWebSocket } from '../../../src/platform/webSocket.ts';

describe('The HTTP client', () => {
  let folder: string;
  let socketPath: string;
  let server: Server;
  let http: HttpClient;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    folder = await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`);
    socketPath = `${folder}/s`;
    server = createServer();
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    http = createHttpClient({ socketPath });
  });
  afterEach(async () => {
    http.dispose();
    sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await fs.rm(folder, { recursive: true });
  });

  it('sends what it is given and returns status and bytes', async () => {
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        response.statusCode = 418;
        response.end([request.method, request.url, request.headers['x-a'], body].join(' '));
      });
    });
    const answer = await http.request({
      method: 'PUT',
      path: '/a?b=c',
      headers: { 'X-A': '1' },
      body: 'ü',
      timeoutMs: 5000,
    });
    assert.equal(`${answer.status} ${answer.body.toString()}`, '418 PUT /a?b=c 1 ü');
  });

  it('ends the wait for an answer that does not come, or not whole', async () => {
    server.on('request', (request, response) => {
      if (request.url === '/half') {
        response.write('half');
      }
    });
    for (const path of ['/never', '/half']) {
      await assert.rejects(http.request({ method: 'GET', path, timeoutMs: 50 }), (error) => {
        assert.ok(isCheckpointError(error, 'timedOut'), String(error));
        assert.equal(error.message, `No answer to "${path}" within 50 ms.`);
        return true;
      });
    }
  });

  it('is cancelled before and while it waits', async () => {
    const cancel = new AbortController();
    server.on('request', () => cancel.abort());
    const request = { method: 'GET', path: '/', timeoutMs: 5000, signal: cancel.signal };
    await assert.rejects(http.request(request), (error) => isCheckpointError(error, 'cancelled'));
    await assert.rejects(http.request(request), (error) => isCheckpointError(error, 'cancelled'));
  });

  it('throws the error of the system where nobody listens', async () => {
    const nobody = createHttpClient({ socketPath: `${folder}/nobody` });
    await assert.rejects(
      nobody.request({ method: 'GET', path: '/', timeoutMs: 5000 }),
      (error) => errorCode(error) === 'ENOENT',
    );
  });

  it('listens to a WebSocket, answers its pings, and lives on after the time for the handshake', async () => {
    const pong = new Promise<Buffer>((resolve) => {
      server.on('upgrade', (request, socket) => {
        const accept = createHash('sha1').update(
          `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
        );
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
        );
        socket.once('data', resolve);
        // Later than the time that the handshake had.
        setTimeout(() => socket.write(Buffer.from([0x81, 2, 0x68, 0x69, 0x89, 1, 0x70])), 120);
      });
    });
    let opening: Promise<Disposable> | undefined;
    const heard = new Promise<string>((resolve, reject) => {
      opening = openWebSocket(http, '/', 60, { onText: resolve, onClose: () => reject(new Error('closed')) });
      opening.catch(reject);
    });
    assert.equal(await heard, 'hi');
    assert.deepEqual([...(await pong)], [0x8a, 0x81, 0, 0, 0, 0, 0x70]);
    (await opening)?.dispose();
  });

  it('says which answer refused a WebSocket', async () => {
    server.on('request', (_request, response) => response.writeHead(403).end('no'));
    const listener = { onText: () => undefined, onClose: () => undefined };
    await assert.rejects(openWebSocket(http, '/e', 5000, listener), (error) => {
      assert.ok(isCheckpointError(error, 'commandFailed'), String(error));
      assert.equal(error.details['status'], 403);
      return true;
    });
  });
});
