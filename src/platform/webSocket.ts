import type { Duplex } from 'node:stream';
import type { Disposable } from '../core/disposable.ts';
import { CheckpointError } from '../core/error.ts';
import { randomHex } from './dataFiles.ts';
import type { HttpClient } from './httpClient.ts';

/** Opcodes of RFC 6455, section 5.2. */
const CONTINUATION = 0x0;
const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const FINAL = 0x80;
const MASKED = 0x80;

export interface WebSocketListener {
  onText(text: string): void;
  /** Called once, however it ended; not after `dispose`. */
  onClose(): void;
}

/**
 * Listens to the text messages of a server (RFC 6455); nothing but answers to pings is ever sent. Resolves once the server
 * has agreed.
 * @throws CheckpointError `commandFailed` with `details.status` when it refuses.
 */
export async function openWebSocket(
  http: HttpClient,
  path: string,
  timeoutMs: number,
  listener: WebSocketListener,
): Promise<Disposable> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.from(randomHex(16), 'hex').toString('base64'),
  };
  const { answer, socket } = await http.upgrade({ path, headers, timeoutMs });
  if (socket === undefined) {
    throw new CheckpointError('commandFailed', `"${path}" cannot be listened to (HTTP ${answer.status}).`, {
      details: { status: answer.status },
    });
  }
  return listen(socket, listener);
}

function listen(socket: Duplex, listener: WebSocketListener): Disposable {
  let disposed = false;
  const frames = new FrameReader({
    text: (text) => listener.onText(text),
    ping: (payload) => socket.write(controlFrame(PONG, payload)),
    close: () => socket.end(controlFrame(CLOSE, Buffer.of())),
  });
  socket
    .on('data', (chunk: Buffer) => {
      try {
        frames.push(chunk);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    })
    // The close that follows says the same.
    .on('error', () => undefined)
    .once('close', () => {
      if (!disposed) {
        listener.onClose();
      }
    });
  return {
    dispose: () => {
      disposed = true;
      socket.destroy();
    },
  };
}

export interface FrameHandlers {
  text(text: string): void;
  ping(payload: Buffer): void;
  close(): void;
}

/** Puts messages together from bytes in pieces of any size, and from fragments with control frames between them. */
export class FrameReader {
  readonly #handlers: FrameHandlers;
  #rest: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      this.#take(frame);
    }
  }

  #next(): Frame | undefined {
    const size = frameSize(this.#rest);
    if (size === undefined || this.#rest.length < size.header + size.payload) {
      return undefined;
    }
    const first = this.#rest.readUInt8(0);
    const end = size.header + size.payload;
    const payload = this.#rest.subarray(size.header, end);
    this.#rest = this.#rest.subarray(end);
    return { opcode: first & 0x0f, final: (first & FINAL) !== 0, payload };
  }

  #take({ opcode, final, payload }: Frame): void {
    if (opcode === PING) {
      this.#handlers.ping(payload);
    } else if (opcode === CLOSE) {
      this.#handlers.close();
    } else if (opcode === TEXT || opcode === CONTINUATION) {
      this.#fragments.push(payload);
      if (final) {
        const whole = Buffer.concat(this.#fragments);
        this.#fragments = [];
        this.#handlers.text(whole.toString('utf8'));
      }
    }
  }
}

interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

/** Undefined while the header is not complete. */
function frameSize(bytes: Buffer): { header: number; payload: number } | undefined {
  if (bytes.length < 2) {
    return undefined;
  }
  const second = bytes.readUInt8(1);
  if ((second & MASKED) !== 0) {
    throw new CheckpointError('corrupt', 'A server sent a masked WebSocket frame.');
  }
  if (second === 126) {
    return bytes.length < 4 ? undefined : { header: 4, payload: bytes.readUInt16BE(2) };
  }
  if (second === 127) {
    return bytes.length < 10 ? undefined : { header: 10, payload: Number(bytes.readBigUInt64BE(2)) };
  }
  return { header: 2, payload: second };
}

/** A client's frame must be masked; a mask of zeros leaves the bytes as they are. At most 125 bytes of payload. */
function controlFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([FINAL | opcode, MASKED | payload.length, 0, 0, 0, 0]), payload]);
}
