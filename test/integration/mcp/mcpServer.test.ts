import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, describe, it } from 'mocha';
import { AGENT_TOOLS } from '../../../src/agent/tools.ts';

const SERVER = fileURLToPath(import.meta.resolve('../../support/mcpMemoryServer.ts'));
const OLD: ClientOptions = { versionNegotiation: { mode: 'legacy' } };
const NEW: ClientOptions = { versionNegotiation: { mode: { pin: '2026-07-28' } } };

type Answer = 'accept' | 'decline' | 'none';

const clients: Client[] = [];

/** A client of the protocol's own library, connected to a server process over a folder in memory. */
async function connect(options: ClientOptions, policy = 'ask', answer: Answer = 'none'): Promise<[Client, string[]]> {
  const capabilities = answer === 'none' ? {} : { elicitation: {} };
  const client = new Client({ name: 'test', version: '1' }, { ...options, capabilities });
  const questions: string[] = [];
  if (answer !== 'none') {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      questions.push(params.message);
      return answer === 'accept' ? { action: 'accept', content: {} } : { action: 'decline' };
    });
  }
  clients.push(client);
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [SERVER, policy], stderr: 'ignore' }),
  );
  return [client, questions];
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const texts = content.map((block) => (block.type === 'text' ? block.text : block.type));
  return (isError === true ? 'Error: ' : '') + texts.join('|');
}

/** A server process that is talked to line by line. */
class RawServer {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.process = spawn(process.execPath, [SERVER, 'allow'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  send(message: unknown): void {
    this.process.stdin?.write(
      `${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...(message as object) })}\n`,
    );
  }

  async next(): Promise<{ id?: unknown; error?: { code: number }; result?: Record<string, unknown> }> {
    const { value } = (await this.#lines.next()) as { value: string };
    return JSON.parse(value) as object;
  }

  async initialize(protocolVersion: string): Promise<unknown> {
    const clientInfo = { name: 'raw', version: '1' };
    this.send({ id: 0, method: 'initialize', params: { protocolVersion, capabilities: {}, clientInfo } });
    const { result } = await this.next();
    this.send({ method: 'notifications/initialized' });
    return result?.['protocolVersion'];
  }
}

describe('The server for agents', function () {
  this.timeout(60_000);

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  for (const [era, options] of [
    ['old', OLD],
    ['new', NEW],
  ] as const) {
    it(`offers every tool to a client of the ${era} protocol, with schema and hints`, async () => {
      const [client] = await connect(options);
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name, annotations, inputSchema }) => [name, annotations?.destructiveHint, inputSchema.type]),
        AGENT_TOOLS.map(({ name, annotations }) => [name, annotations.destructiveHint, 'object']),
      );
    });

    it(`lets a client of the ${era} protocol call every tool`, async () => {
      const [client, questions] = await connect(options, 'ask', 'accept');
      const answers = [
        await call(client, 'snapshots_list', { format: 'json' }),
        await call(client, 'snapshots_changes'),
        await call(client, 'snapshots_diff'),
        await call(client, 'snapshots_create', { name: 'second' }),
        await call(client, 'snapshots_history', { path: 'caf\udce9.txt' }),
        await call(client, 'snapshots_revert', { path: 'a.txt', checkpoint: 'first' }),
        await call(client, 'snapshots_undo'),
        await call(client, 'snapshots_restore', { checkpoint: 'first' }),
        await call(client, 'snapshots_compact', { checkpoints: ['first', 'second'], name: 'both' }),
        await call(client, 'snapshots_delete', { checkpoint: 'both' }),
        await call(client, 'snapshots_delete', { checkpoint: 'both' }),
        await call(client, 'snapshots_delete', {}),
        await call(client, 'no_such_tool', {}),
      ];
      const expected = [
        /^\{"snapshots":\[\{"checkpoint":"1000","name":"first",.*"coverage":"complete"\}\]\}$/,
        /^1 change from "first".*\nmodified  a\.txt$/s,
        /^-one\n\+two$/m,
        /^\{"checkpoint":"2000","name":"second"/,
        /^\{"path":"caf\\udce9\.txt",.*"status":"unchanged".*"status":"new"/,
        /^\{"reverted":true,"action":"restored"/,
        /^\{"restored":\["a\.txt"\]/,
        /^\{"restored":\["a\.txt"\]/,
        /^\{"compacted":true,.*"merged_count":2/,
        /^\{"checkpoint":"[0-9a-f]+","deleted":true/,
        /^Error: There is no checkpoint "both"\. List the checkpoints/,
        /^Error: The arguments of snapshots_delete do not fit: checkpoint/,
        /^Error: There is no tool "no_such_tool"\. The tools are snapshots_list, /,
      ];
      assert.deepEqual(
        answers.filter((text, index) => !expected[index]?.test(text)),
        [],
      );
      assert.deepEqual(
        questions.map((question) => question.replaceAll(/ \([^)]*\)/g, '')),
        [
          'An agent wants to undo the last restore: 1 path would go back.\na.txt',
          'An agent wants to restore "first": 1 path would change.\na.txt',
          'An agent wants to make one checkpoint of 2 checkpoints and delete those.',
          'An agent wants to delete the checkpoint "both".',
        ],
      );
    });

    it(`changes nothing when the user of a client of the ${era} protocol says no or cannot be asked`, async () => {
      const [declining] = await connect(options, 'ask', 'decline');
      const [mute] = await connect(options, 'ask', 'none');
      const [forbidden] = await connect(options, 'refuse', 'accept');
      for (const [client, expected] of [
        [declining, /^Error: The user did not agree\. Nothing was changed\.$/],
        [mute, /^Error: The user has to agree to this, and there is no way to ask here\./],
        [forbidden, /^Error: The settings of the user do not let agents/],
      ] as const) {
        assert.match(await call(client, 'snapshots_restore', { checkpoint: 'first' }), expected);
        assert.match(await call(client, 'snapshots_changes'), /^1 change from/);
        assert.match(await call(client, 'snapshots_list'), /^1 checkpoint,/);
      }
    });
  }

  it('answers ten calls at a time, each with its own result', async () => {
    const [client] = await connect(OLD);
    const names = Array.from({ length: 10 }, (_, index) => `parallel ${index}`);
    const answers = await Promise.all(names.map((name) => call(client, 'snapshots_create', { name })));
    assert.deepEqual(
      answers.map((text) => (JSON.parse(text) as { name: string }).name),
      names,
    );
    assert.match(await call(client, 'snapshots_list'), /^11 checkpoints,/);
  });

  it('speaks every older version of the protocol', async () => {
    for (const version of ['2024-11-05', '2025-03-26', '2025-06-18']) {
      const server = new RawServer();
      assert.equal(await server.initialize(version), version);
      server.process.stdin?.end();
      await once(server.process, 'exit');
    }
  });

  it('survives garbage, and ends with its input', async () => {
    const server = new RawServer();
    await server.initialize('2025-06-18');
    server.send('this is not JSON');
    server.send('{"jsonrpc":"2.0"}');
    server.send({ id: 1, method: 'no/such/method' });
    server.send({ id: 2, method: 'tools/call', params: { name: 7 } });
    server.send({ method: 'notifications/unknown' });
    server.send({ id: 3, method: 'tools/call', params: { name: 'snapshots_list', arguments: { max_length: -1 } } });
    server.send({ id: 4, method: 'tools/call', params: { name: 'snapshots_list' } });
    const answers = new Map<unknown, string>();
    while (!answers.has(4)) {
      const { id, error, result } = await server.next();
      answers.set(id, error === undefined ? `isError ${result?.['isError'] === true}` : `code ${error.code}`);
    }
    assert.deepEqual(
      [1, 2, 3, 4].map((id) => answers.get(id)),
      ['code -32601', 'code -32602', 'isError true', 'isError false'],
    );
    server.process.stdin?.end();
    assert.deepEqual(await once(server.process, 'exit'), [0, null]);
  });

  it('is gone when it is killed, and the next one works', async () => {
    const server = new RawServer();
    await server.initialize('2025-06-18');
    server.send({ id: 1, method: 'tools/call', params: { name: 'snapshots_create', arguments: {} } });
    server.process.kill('SIGKILL');
    assert.deepEqual(await once(server.process, 'exit'), [null, 'SIGKILL']);
    const [client] = await connect(OLD);
    assert.match(await call(client, 'snapshots_list'), /^1 checkpoint,/);
  });
});
