import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { connectionFailure, incusFailure } from '../../../../src/backends/incus/incusErrors.ts';

/** Texts of Incus 6.0.4 and 7.0.2. */
const TEXTS: readonly [reason: string, text: string][] = [
  ['notInstalled', "The incus daemon doesn't appear to be started (socket path: /x/unix.socket)"],
  ['noPermission', "You don't have the needed permissions to talk to the incus daemon (socket path: /x/unix.socket)"],
  ['noPermission', 'Get "http://unix.socket/1.0": dial unix /x/unix.socket: connect: permission denied'],
  ['noPermission', 'not authorized'],
  ['noPermission', 'Project "user-1000" doesn\'t allow for snapshot creation'],
  ['notFound', 'Failed to fetch instance "x" in project "default": Instance not found'],
  ['notFound', 'Failed to fetch snapshot "s" of instance "c" in project "default": Instance_snapshot not found'],
  ['notFound', 'Snapshot c/s does not exist'],
  [
    'conflict',
    'Failed creating instance snapshot record "s": Add snapshot info to the database: Failed to create "instances_snapshots" entry: UNIQUE constraint failed: instances_snapshots.instance_id, instances_snapshots.name',
  ],
  ['conflict', "Name 'c/s' already in use"],
  ['conflict', 'Invalid snapshot name: Cannot contain "/"'],
  ['conflict', 'Failed start validation for device "workspace": Missing source path "/x" for disk "workspace"'],
  ['conflict', 'Snapshot "S" cannot be restored due to subsequent snapshot(s). Set zfs.remove_snapshots to override'],
  ['conflict', 'Snapshot "S" cannot be restored due to subsequent internal snapshot(s) (from a copy)'],
  ['busy', 'Failed to create instance restore operation: Instance is busy running a "restart" operation'],
  ['busy', "Instance snapshot record count doesn't match instance snapshot volume record count"],
  ['busy', "Invalid PID '\u{fffd}'"],
  ['unsupported', 'invalid URL escape "%b"'],
  ['unsupported', 'Failed deleting instance "c" in project "default": Instance is protected'],
  ['unsupported', 'Stateful snapshots require that the instance has migration.stateful be set to true'],
  ['unsupported', "Unable to create a stateful snapshot. The instance isn't running"],
  ['unsupported', 'Stateful snapshot restore requested but snapshot is stateless'],
  ['timedOut', 'Missing event connection with target cluster member'],
  ['commandFailed', 'Failed to write backup file: open /x/backup.yaml: no space left on device'],
];

describe('An error of Incus', () => {
  it('has the reason that its text tells', () => {
    assert.deepEqual(
      TEXTS.map(([, text]) => [incusFailure('It', text).reason, text]),
      TEXTS,
    );
  });

  it('has the reason of its status where the text is new', () => {
    assert.deepEqual(
      [403, 404, 409, 500].map((status) => incusFailure('It', 'Something new', status).reason),
      ['noPermission', 'notFound', 'conflict', 'commandFailed'],
    );
  });

  it('says what failed and what Incus said', () => {
    const error = incusFailure('Creating the checkpoint "a" of c', 'Something new');
    assert.equal(error.message, 'Creating the checkpoint "a" of c failed: Something new');
    assert.deepEqual(error.details, { said: 'Something new' });
  });

  it('of the connection tells no daemon from no permission and from one that broke', () => {
    assert.deepEqual(
      ['ENOENT', 'ECONNREFUSED', 'EACCES', 'ECONNRESET', undefined].map((code) => {
        const { reason, message } = connectionFailure('/x', code, undefined);
        return `${reason}: ${message}`;
      }),
      [
        'notInstalled: Incus is not running: there is no socket at /x.',
        'notInstalled: Incus is not running: nobody answers at /x.',
        'noPermission: You may not talk to Incus at /x.',
        'commandFailed: The connection to Incus at /x broke off (ECONNRESET).',
        'commandFailed: The connection to Incus at /x broke off (no code).',
      ],
    );
  });
});
