import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { planSandboxRestore, type RestoreFacts } from '../../../../src/backends/incus/restorePreflight.ts';
import { toSnapshots } from '../../../../src/backends/incus/snapshotCheckpoint.ts';
import { wireInstance, wireSnapshot } from '../../../support/incus/fakeIncus.ts';

const GIBIBYTE = 1024 ** 3;
const POOL = { name: 'p', driver: 'btrfs', config: {}, usedBytes: 0, totalBytes: GIBIBYTE };

/** Findings as lines, of the restore to the older of two snapshots. */
function findings(facts: Partial<RestoreFacts>, then: Parameters<typeof wireSnapshot>[1] = {}): readonly string[] {
  const snapshots = [wireSnapshot('a', then), wireSnapshot('bb')];
  const instance = facts.instance ?? wireInstance();
  const all = toSnapshots('s', { ...instance, snapshots }, new Map());
  const target = all[1];
  assert.ok(target);
  const known = { snapshots: all, target, pool: POOL, busyWith: undefined, missingSources: [] };
  const plan = planSandboxRestore({ ...known, ...facts, instance });
  return plan.findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('What is said before the restore of a container', () => {
  it('is nothing where nothing is in the way', () => {
    assert.deepEqual(findings({}), []);
  });

  it('is how to stop it, in every state but stopped', () => {
    const said = (status: string, name: string) => findings({ instance: wireInstance({ status, name }) });
    assert.deepEqual(
      [said('Running', 'clincus-1'), said('Frozen', 'coi-1'), said('Error', 'x')],
      [
        [
          'consent notStopped: The container "clincus-1" is running. It must be stopped first (clincus container stop clincus-1).',
        ],
        ['consent notStopped: The container "coi-1" is paused. It must be stopped first (coi container stop coi-1).'],
        ['consent notStopped: The container "x" is in the state "Error". It must be stopped first (incus stop x).'],
      ],
    );
  });

  it('is what would be lost by stopping it', () => {
    const temporary = wireInstance({ status: 'Running', ephemeral: true });
    const config = { 'user.clincus.managed': 'true', 'user.clincus.persistent': 'false' };
    assert.deepEqual(
      [findings({ instance: temporary })[1], ...findings({ instance: wireInstance({ config }) })],
      [
        'blocker ephemeral: Incus deletes "c1" with all its checkpoints when it stops (ephemeral).',
        'warning notPersistent: Clincus may delete "c1" while it is stopped, as it is not persistent.',
      ],
    );
  });

  it('is the folder that would be missing, and what Incus is busy with', () => {
    assert.deepEqual(findings({ missingSources: ['/gone'], busyWith: 'Snapshotting instance' }), [
      'blocker sourceMissing: The folder /gone, which this checkpoint mounts, does not exist: the container could not be started.',
      'blocker busy: Incus is busy with "c1": Snapshotting instance.',
    ]);
  });

  it('is how little room the pool has', () => {
    const free = (mebibytes: number) => findings({ pool: { ...POOL, usedBytes: GIBIBYTE - mebibytes * 1024 ** 2 } });
    assert.deepEqual(
      [free(60), free(40), free(15)],
      [
        [],
        ['warning poolNearlyFull: The storage pool "p" has 40 MiB left.'],
        ['blocker poolFull: The storage pool "p" has 15 MiB left; a restore would fail half-way.'],
      ],
    );
  });

  it('is which later checkpoints are in the way, on ZFS and with a dependent volume', () => {
    const later = [
      'consent laterCheckpoints: The storage can only go back when later checkpoints are deleted: "bb".',
      'warning noSafetyCheckpoint: The present state of "c1" cannot be kept here.',
    ];
    const removing = { ...POOL, driver: 'zfs', config: { 'volume.zfs.remove_snapshots': 'true' } };
    const volume = { ws: { type: 'disk', pool: 'p', source: 'ws', path: '/workspace', dependent: 'true' } };
    assert.deepEqual(
      [
        findings({ pool: { ...POOL, driver: 'zfs' } }),
        findings({ pool: removing }),
        findings({}, { expanded_devices: volume }),
      ],
      [later, [], later],
    );
  });
});
