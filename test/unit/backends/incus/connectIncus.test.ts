import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { socketCandidates } from '../../../../src/backends/incus/connectIncus.ts';

describe('The socket of Incus', () => {
  it('is looked for where the environment says, else in the usual places, the restricted one last', () => {
    assert.deepEqual(
      [
        socketCandidates({ INCUS_SOCKET: '/s', INCUS_DIR: '/d' }),
        socketCandidates({ INCUS_DIR: '/d' }),
        socketCandidates({}),
      ],
      [
        ['/s'],
        ['/d/unix.socket', '/d/unix.socket.user'],
        [
          '/run/incus/unix.socket',
          '/var/lib/incus/unix.socket',
          '/run/incus/unix.socket.user',
          '/var/lib/incus/unix.socket.user',
        ],
      ],
    );
  });
});
