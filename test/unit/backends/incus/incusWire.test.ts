import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { rootVolumeOf } from '../../../../src/backends/incus/container.ts';
import {
  answerSchema,
  instanceSchema,
  instancesSchema,
  operationsSchema,
  poolResourcesSchema,
  poolSchema,
  serverSchema,
  volumesSchema,
} from '../../../../src/backends/incus/incusWire.ts';
import { toSnapshots } from '../../../../src/backends/incus/snapshotCheckpoint.ts';
import { metadataOf, recordingOf, VERSIONS } from './recording.ts';

for (const version of VERSIONS) {
  describe(`What Incus ${version} answers`, () => {
    it('is a container with its snapshots and their notes, newest first', () => {
      const instance = instanceSchema.parse(metadataOf(version, 'instance'));
      const prefix = `${instance.name}/`;
      const descriptions = volumesSchema
        .parse(metadataOf(version, 'volumes'))
        .map(({ name, description }) => [name.replace(prefix, ''), description] as const);
      const snapshots = toSnapshots('s', instance, new Map(descriptions));
      assert.deepEqual(
        snapshots.map(({ checkpoint, wire }) => `${checkpoint.name} "${checkpoint.note}" ${wire.expires_at ?? ''}`),
        ['three "a note" 2099-01-02T03:04:05Z', 'one "" 0001-01-01T00:00:00Z'],
      );
      assert.deepEqual(rootVolumeOf(instance), { pool: 'bt', instance: 'clincus-c7e2f75b-1', type: 'container' });
    });

    it('is a list of containers without their snapshots', () => {
      const [instance] = instancesSchema.parse(metadataOf(version, 'instances'));
      assert.deepEqual(
        [instance?.name, instance?.project, instance?.status, instance?.snapshots.length],
        ['clincus-c7e2f75b-1', 'default', 'Stopped', 0],
      );
    });

    it('is a server, a pool and its space', () => {
      const server = serverSchema.parse(metadataOf(version, 'server'));
      const pool = poolSchema.parse(metadataOf(version, 'pool'));
      const { space } = poolResourcesSchema.parse(metadataOf(version, 'poolResources'));
      assert.deepEqual([server.environment.server_version, pool.driver, space.total], [version, 'btrfs', 2 ** 31]);
      assert.ok(space.used > 0 && space.used < space.total);
    });

    it('is a list of operations by their status', () => {
      const { running } = operationsSchema.parse(metadataOf(version, 'operations'));
      assert.deepEqual(
        running?.map(({ description, status_code: status, resources }) => ({ description, status, resources })),
        [
          {
            description: 'Stopping instance',
            status: 103,
            resources: { instances: ['/1.0/instances/clincus-c7e2f75b-1'] },
          },
        ],
      );
    });

    it('is an error where something is missing, and where a wait ran out', () => {
      const { answers } = recordingOf(version);
      const error = (name: string) => {
        const answer = answerSchema.parse(answers[name]);
        return answer.type === 'error' ? `${answer.error_code} ${answer.error}` : answer.type;
      };
      assert.deepEqual(['missingInstance', 'missingSnapshot', 'waitRanOut'].map(error), [
        '404 Failed to fetch instance "nope" in project "default": Instance not found',
        '404 Failed to fetch snapshot "nope" of instance "clincus-c7e2f75b-1" in project "default": Instance_snapshot not found',
        '500 context deadline exceeded',
      ]);
    });
  });
}
