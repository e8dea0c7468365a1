import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { toSnapshots } from '../../../../src/backends/incus/snapshotCheckpoint.ts';
import { wireInstance, wireSnapshot } from '../../../support/incus/fakeIncus.ts';

const at = (name: string, fraction: string) => wireSnapshot(name, { created_at: `2026-01-01T00:00:00${fraction}Z` });

describe('Snapshots as checkpoints', () => {
  it('are in the order of their nanoseconds, newest first, although Incus leaves zeros out', () => {
    const snapshots = [at('c', '.541'), at('a', ''), at('d', '.6'), at('b', '.5')];
    const sorted = toSnapshots('s', wireInstance({ snapshots }), new Map());
    assert.deepEqual(
      sorted.map(({ checkpoint }) => checkpoint.name),
      ['d', 'c', 'b', 'a'],
    );
  });

  it('keep their id over a rename of themselves and of the container, and never share it', () => {
    const id = (instance: Parameters<typeof wireInstance>[0], name: string, fraction = '.1') =>
      toSnapshots('s', wireInstance({ ...instance, snapshots: [at(name, fraction)] }), new Map())[0]?.checkpoint.id;
    const first = id({}, 'a');
    assert.match(first ?? '', /^[0-9a-f]{16}$/);
    assert.equal(id({ name: 'renamed' }, 'b'), first);
    assert.notEqual(id({}, 'a', '.10001'), first);
    assert.notEqual(id({ config: { 'volatile.uuid': 'u-2' } }, 'a'), first);
  });

  it('hold the workspace only where it is a volume that depends on the container', () => {
    const devices = (dependent: string) => ({
      ws: { type: 'disk', pool: 'p', source: 'ws', path: '/workspace', dependent },
    });
    const scope = (dependent: string) => {
      const snapshots = [wireSnapshot('a', { expanded_devices: devices(dependent) })];
      return toSnapshots('s', wireInstance({ snapshots }), new Map())[0]?.checkpoint.scope;
    };
    assert.deepEqual([scope('true'), scope('')], [['workspace', 'sandbox'], ['sandbox']]);
  });

  it('have a label on one line, whatever their name', () => {
    const [snapshot] = toSnapshots('s', wireInstance({ snapshots: [at('a\nb\t', '')] }), new Map());
    assert.deepEqual([snapshot?.checkpoint.name, snapshot?.checkpoint.label], ['a\nb\t', 'a b']);
  });
});
