import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as requests from '../../../../src/backends/incus/incusRequests.ts';
import { inGroup, monitorCommand, queryCommand } from '../../../../src/backends/incus/queryTransport.ts';
import { isCheckpointError } from '../../../../src/core/error.ts';

const VOLUME = { pool: 'p 1', instance: 'c', type: 'container' };
const SCOPE = { project: 'team' };

describe('A request to Incus', () => {
  it('is a method, a path with the project, and a body', () => {
    const all = [
      requests.getServer(),
      requests.getInstances(),
      requests.getInstance('c'),
      requests.getVolumes(VOLUME),
      requests.getPool('p 1'),
      requests.getPoolResources('p 1'),
      requests.getOperations(),
      requests.getOperation('1-2'),
      requests.waitForOperation('1-2', 5),
      requests.createSnapshot('c', 's', false),
      requests.renameSnapshot('c', 's', 't'),
      requests.setSnapshotExpiry('c', 's', '2099-01-02T03:04:05Z'),
      requests.setSnapshotExpiry('c', 's', undefined),
      requests.deleteSnapshot('c', 'a%b c?'),
      requests.describeSnapshot(VOLUME, 's', 'x'),
      requests.restoreSnapshot('c', 's', true),
      requests.changeState('c', 'stop', 30, true),
    ];
    assert.deepEqual(
      all.map((request) =>
        [
          request.method,
          requests.requestTarget(request, SCOPE),
          ...(request.body === undefined ? [] : [JSON.stringify(request.body)]),
        ].join(' '),
      ),
      [
        'GET /1.0?project=team',
        'GET /1.0/instances?recursion=1&project=team',
        'GET /1.0/instances/c?recursion=1&project=team',
        'GET /1.0/storage-pools/p%201/volumes/container?recursion=1&project=team',
        'GET /1.0/storage-pools/p%201?project=team',
        'GET /1.0/storage-pools/p%201/resources?project=team',
        'GET /1.0/operations?recursion=1&project=team',
        'GET /1.0/operations/1-2?project=team',
        'GET /1.0/operations/1-2/wait?timeout=5&project=team',
        'POST /1.0/instances/c/snapshots?project=team {"name":"s","stateful":false}',
        'POST /1.0/instances/c/snapshots/s?project=team {"name":"t"}',
        'PATCH /1.0/instances/c/snapshots/s?project=team {"expires_at":"2099-01-02T03:04:05Z"}',
        'PATCH /1.0/instances/c/snapshots/s?project=team {"expires_at":"0001-01-01T00:00:00Z"}',
        'DELETE /1.0/instances/c/snapshots/a%25b%20c%3F?project=team',
        'PATCH /1.0/storage-pools/p%201/volumes/container/c/snapshots/s?project=team {"description":"x"}',
        'PUT /1.0/instances/c?project=team {"restore":"s","stateful":true}',
        'PUT /1.0/instances/c/state?project=team {"action":"stop","timeout":30,"force":true}',
      ],
    );
  });

  it('is never made for a name that is another path to the server', () => {
    const make = [
      (name: string) => requests.deleteSnapshot('c', name),
      (name: string) => requests.renameSnapshot('c', name, 'x'),
      (name: string) => requests.describeSnapshot(VOLUME, name, ''),
      (name: string) => requests.getInstance(name),
    ];
    for (const name of ['', '.', '..', '../x', 'a/b']) {
      for (const one of make) {
        assert.throws(
          () => one(name),
          (error) => isCheckpointError(error, 'usage'),
        );
      }
    }
  });

  it('never gives Incus a new name that is one of those', () => {
    for (const name of ['', '.', '..', 'a/b']) {
      assert.throws(
        () => requests.createSnapshot('c', name, false),
        (error) => isCheckpointError(error, 'usage'),
      );
      assert.throws(
        () => requests.renameSnapshot('c', 's', name),
        (error) => isCheckpointError(error, 'usage'),
      );
      assert.throws(
        () => requests.restoreSnapshot('c', name, false),
        (error) => isCheckpointError(error, 'usage'),
      );
    }
  });

  it('is a call of the client where the socket is closed to us, and each word is quoted for the shell of sg', () => {
    const command = queryCommand(requests.createSnapshot("c'1", 's', false), SCOPE);
    assert.deepEqual(command, {
      command: 'incus',
      args: ['query', '-X', 'POST', '-d', '{"name":"s","stateful":false}', "/1.0/instances/c'1/snapshots?project=team"],
    });
    assert.deepEqual(inGroup(command, undefined), command);
    assert.deepEqual(inGroup(command, 'incus-admin'), {
      command: 'sg',
      args: [
        'incus-admin',
        '-c',
        String.raw`'incus' 'query' '-X' 'POST' '-d' '{"name":"s","stateful":false}' '/1.0/instances/c'\''1/snapshots?project=team'`,
      ],
    });
  });

  it('for events is a monitor of the project, or of all', () => {
    const head = 'incus monitor --type=lifecycle --type=operation --format=json';
    const line = ({ command, args }: { command: string; args: readonly string[] }): string =>
      [command, ...args].join(' ');
    assert.deepEqual(
      [line(monitorCommand(SCOPE)), line(monitorCommand({ 'all-projects': 'true' }))],
      [`${head} --project team`, `${head} --all-projects`],
    );
  });
});
