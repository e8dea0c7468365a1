import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createSandboxRestorer } from '../../../../src/backends/incus/sandboxRestorer.ts';
import { CheckpointError } from '../../../../src/core/error.ts';
import type { SandboxRestoreConsent } from '../../../../src/core/sandbox.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { FakeIncus, type FakeOptions } from '../../../support/incus/fakeIncus.ts';

const ALL: SandboxRestoreConsent = { stop: true, deleteLater: true, safety: true, stateful: false };

describe('The restore of a container', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`);
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  /** Restores the oldest snapshot; what was changed and how it ended, as lines. */
  async function restore(
    options: FakeOptions,
    consent: Partial<SandboxRestoreConsent> = {},
  ): Promise<readonly string[]> {
    const incus = new FakeIncus(options);
    const access = incus.access(`${folder}/lock`);
    const target = (await access.read()).snapshots.at(-1)?.checkpoint.id ?? '';
    const outcome = await createSandboxRestorer(access, systemClock)
      .apply(target, { ...ALL, ...consent })
      .then(
        ({ state, deleted }) => `${state}, ${deleted.length} deleted`,
        (error: unknown) => {
          assert.ok(error instanceof CheckpointError, String(error));
          return `${error.reason}: ${error.message} [${String(error.details['state'])}]`;
        },
      );
    return [...incus.changes.filter((line) => !/storage-pools|room-check/.test(line)), outcome];
  }

  it('stops, keeps the present state, restores and starts', async () => {
    assert.deepEqual(await restore({ status: 'Running', snapshots: ['a', 'b'] }), [
      'PUT c1/state {"action":"stop","timeout":30,"force":false}',
      'POST c1/snapshots {"name":"Before-restoring-a","stateful":false}',
      'PUT c1 {"restore":"a","stateful":false}',
      'PUT c1/state {"action":"start","timeout":30,"force":false}',
      'running, 0 deleted',
    ]);
  });

  it('resumes one that is paused, since it could not hear that it is to end', async () => {
    assert.deepEqual((await restore({ status: 'Frozen', snapshots: ['a'] }, { safety: false })).slice(0, 2), [
      'PUT c1/state {"action":"unfreeze","timeout":30,"force":false}',
      'PUT c1/state {"action":"stop","timeout":30,"force":false}',
    ]);
  });

  it('ends one that does not stop by itself', async () => {
    const failures = {
      '"action":"stop","timeout":30,"force":false': 'Failed shutting down instance: context deadline exceeded',
    };
    assert.deepEqual((await restore({ status: 'Running', snapshots: ['a'], failures })).slice(0, 3), [
      'PUT c1/state {"action":"stop","timeout":30,"force":false}',
      'PUT c1/state {"action":"stop","timeout":30,"force":true}',
      'POST c1/snapshots {"name":"Before-restoring-a","stateful":false}',
    ]);
  });

  it('that fails goes back to the state before and starts again', async () => {
    const failures = { '"restore":"a"': 'Failed to write backup file: no space left on device' };
    assert.deepEqual((await restore({ status: 'Running', snapshots: ['a'], failures })).slice(2), [
      'PUT c1 {"restore":"a","stateful":false}',
      'PUT c1 {"restore":"Before-restoring-a","stateful":false}',
      'PUT c1/state {"action":"start","timeout":30,"force":false}',
      'commandFailed: Restoring c1 to "a" failed: Failed to write backup file: no space left on device The container "c1" is running. [running]',
    ]);
  });

  it('of which nobody knows how it ended is not met with another one', async () => {
    const changes = await restore({ status: 'Running', snapshots: ['a'], lost: '"restore":"a"' });
    assert.deepEqual(changes.slice(2), [
      'PUT c1 {"restore":"a","stateful":false}',
      'commandFailed: Restoring c1 to "a": it is not known how this ended. The connection broke off. The container "c1" is stopped. [stopped]',
    ]);
  });

  it('does not begin when the present state cannot be kept, and starts again', async () => {
    const failures = { 'Before-restoring': 'no space left on device' };
    assert.deepEqual((await restore({ status: 'Running', snapshots: ['a'], failures })).slice(1), [
      'POST c1/snapshots {"name":"Before-restoring-a","stateful":false}',
      'PUT c1/state {"action":"start","timeout":30,"force":false}',
      'commandFailed: Creating the checkpoint "Before-restoring-a" of c1 failed: no space left on device The container "c1" is running. [running]',
    ]);
  });

  it('on ZFS asks before later checkpoints are deleted', async () => {
    const zfs = { driver: 'zfs', snapshots: ['a', 'b', 'c'] };
    assert.deepEqual(await restore(zfs, { deleteLater: false }), [
      'conflict: The storage can only go back when later checkpoints are deleted: "c", "b". Nothing was changed. [stopped]',
    ]);
    assert.deepEqual(await restore(zfs), [
      'DELETE c1/snapshots/c',
      'DELETE c1/snapshots/b',
      'PUT c1 {"restore":"a","stateful":false}',
      'stopped, 2 deleted',
    ]);
  });

  it('is refused on a full pool, before anything is stopped', async () => {
    assert.deepEqual(await restore({ status: 'Running', snapshots: ['a'], usedBytes: 1024 ** 3 - 1024 ** 2 }), [
      'commandFailed: The storage pool "p" has 1 MiB left; a restore would fail half-way. Nothing was changed. [running]',
    ]);
  });

  it('with memory is refused for a checkpoint without', async () => {
    assert.deepEqual(await restore({ snapshots: ['a'] }, { stateful: true }), [
      'unsupported: The checkpoint "a" holds no memory. [undefined]',
    ]);
  });
});
