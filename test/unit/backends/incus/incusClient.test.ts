import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createIncusClient } from '../../../../src/backends/incus/incusClient.ts';
import { connectionFailure, incusFailure } from '../../../../src/backends/incus/incusErrors.ts';
import { createSnapshot, getInstance, requestTarget } from '../../../../src/backends/incus/incusRequests.ts';
import type { IncusTransport } from '../../../../src/backends/incus/incusTransport.ts';
import { instanceSchema } from '../../../../src/backends/incus/incusWire.ts';
import { CheckpointError } from '../../../../src/core/error.ts';

/** Answers call after call from a list; an error is thrown. */
function clientWith(answers: readonly unknown[]) {
  const calls: string[] = [];
  const left = [...answers];
  const transport: IncusTransport = {
    place: 'memory',
    call: async (request, { scope }) => {
      calls.push(`${request.method} ${requestTarget(request, scope)}`);
      const answer = left.shift();
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
    listen: () => Promise.reject(new Error('not asked for')),
    dispose: () => undefined,
  };
  return { calls, client: createIncusClient(transport, { project: 'p' }, { answer: 50, slice: 5000 }) };
}

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => {
      assert.ok(error instanceof CheckpointError, String(error));
      return `${error.reason}: ${error.message}`;
    },
  );

const STARTED = { id: 'op', status_code: 103 };
const RAN_OUT = incusFailure('Reading', 'context deadline exceeded');
const CREATE = createSnapshot('c', 's', false);

describe('A client of Incus', () => {
  it('waits for an operation as long as it takes, in slices', async () => {
    const { calls, client } = clientWith([STARTED, RAN_OUT, STARTED, {}]);
    assert.equal(await outcome(client.run(CREATE)), 'done');
    assert.deepEqual(calls, [
      'POST /1.0/instances/c/snapshots?project=p',
      'GET /1.0/operations/op/wait?timeout=5&project=p',
      'GET /1.0/operations/op?project=p',
      'GET /1.0/operations/op/wait?timeout=5&project=p',
    ]);
  });

  it('tells why an operation failed', async () => {
    const failed = { id: 'op', status_code: 400, err: "Name 'c/s' already in use" };
    const { client } = clientWith([STARTED, incusFailure('Reading', 'whatever'), failed]);
    assert.equal(
      await outcome(client.run(CREATE)),
      `conflict: Creating the checkpoint "s" of c failed: Name 'c/s' already in use`,
    );
  });

  it('says that it does not know how an operation ended that nobody can be asked about', async () => {
    const lost = 'Creating the checkpoint "s" of c: it is not known how this ended.';
    const broken = connectionFailure('/x', 'ECONNRESET', undefined);
    const gone = incusFailure('Reading', 'Operation not found', 404);
    const late = new CheckpointError('timedOut', 'No answer.');
    assert.deepEqual(
      [
        await outcome(clientWith([broken]).client.run(CREATE)),
        await outcome(clientWith([STARTED, late]).client.run(CREATE)),
        await outcome(clientWith([STARTED, gone, gone]).client.run(CREATE)),
      ],
      [
        `commandFailed: ${lost} The connection to Incus at /x broke off (ECONNRESET).`,
        `timedOut: ${lost} No answer.`,
        `commandFailed: ${lost} Reading failed: Operation not found`,
      ],
    );
  });

  it('says plainly that nothing was done where Incus was not reached or refused', async () => {
    const refused = connectionFailure('/x', 'ECONNREFUSED', undefined);
    const restricted = incusFailure(CREATE.what, 'Project "p" doesn\'t allow for snapshot creation');
    assert.deepEqual(
      [
        await outcome(clientWith([refused]).client.run(CREATE)),
        await outcome(clientWith([restricted]).client.run(CREATE)),
      ],
      [
        'notInstalled: Incus is not running: nobody answers at /x.',
        'noPermission: Creating the checkpoint "s" of c failed: Project "p" doesn\'t allow for snapshot creation',
      ],
    );
  });

  it('reads again while the container changes its state', async () => {
    const { calls, client } = clientWith([incusFailure('Reading', "Invalid PID 'x'"), 'answer']);
    assert.match(await outcome(client.read(getInstance('c'), instanceSchema)), /^corrupt/);
    assert.equal(calls.length, 2);
  });

  it('never takes an answer that it does not understand for an empty one', async () => {
    const { client } = clientWith([{ name: 'c' }, null, []]);
    const read = () => outcome(client.read(getInstance('c'), instanceSchema));
    for (const message of [await read(), await read(), await read()]) {
      assert.match(
        message,
        /^corrupt: Reading the container c failed: the answer of Incus was not understood \(.+\)\.$/,
      );
    }
  });
});
