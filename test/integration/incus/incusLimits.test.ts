import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { createIncusClient } from '../../../src/backends/incus/incusClient.ts';
import { createSnapshot, getInstance, getServer } from '../../../src/backends/incus/incusRequests.ts';
import { instanceSchema, serverSchema } from '../../../src/backends/incus/incusWire.ts';
import { createQueryTransport } from '../../../src/backends/incus/queryTransport.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import { createProcessRunner } from '../../../src/platform/processRunner.ts';
import { makeContainer, openStore, render, sandboxOf } from '../../support/incus/incusWorkspace.ts';
import { useIncus } from '../../support/incus/useIncus.ts';

describe('A full storage pool', () => {
  const daemon = useIncus({ btrfsSize: '256MiB' });

  it('stops a restore before it stops the container, and nothing is lost', async () => {
    await makeContainer(daemon(), 'c1');
    const store = await openStore(daemon(), 'c1');
    const made = await requireCapability(store.capabilities.create)({ origin: 'manual', label: 'one' });
    assert.ok(made);
    await daemon().exec('c1', 'dd if=/dev/zero of=/root/big bs=1M; sync; true');
    const consent = { stop: true, deleteLater: false, safety: true, stateful: false };
    await assert.rejects(requireCapability(sandboxOf(store).restore).apply(made.id, consent), (error) => {
      assert.ok(isCheckpointError(error, 'commandFailed'), String(error));
      assert.match(error.message, /^Creating the checkpoint "room-check" of c1 failed: .*no space left on device/);
      assert.match(error.hint ?? '', /is full/);
      assert.equal(error.details['state'], 'running');
      return true;
    });
    assert.equal(render(await store.list()), 'one manual');
    assert.equal((await sandboxOf(store).describe()).state, 'running');
    store.dispose();
  });
});

describe('The client of Incus in a group', () => {
  const daemon = useIncus();
  const runner = createProcessRunner();

  before(async () => {
    Object.assign(process.env, { INCUS_DIR: `${daemon().folder}/d`, INCUS_CONF: `${daemon().folder}/client` });
    await makeContainer(daemon(), 'c1', { stopped: true });
  });
  after(() => {
    delete process.env['INCUS_DIR'];
    delete process.env['INCUS_CONF'];
  });

  it('does what the socket does, with the same errors', async () => {
    const client = createIncusClient(createQueryTransport(runner, 'root'), { project: 'default' });
    const { environment } = await client.read(getServer(), serverSchema);
    assert.equal(environment.server_version, daemon().version);
    await client.run(createSnapshot('c1', "it's", false));
    await assert.rejects(client.run(createSnapshot('c1', "it's", false)), (error) =>
      isCheckpointError(error, 'conflict'),
    );
    await assert.rejects(client.read(getInstance('nope'), instanceSchema), (error) => {
      assert.ok(isCheckpointError(error, 'notFound'), String(error));
      assert.match(error.message, /^Reading the container nope failed: Failed to fetch instance "nope"/);
      return true;
    });
    const { snapshots } = await client.read(getInstance('c1'), instanceSchema);
    assert.deepEqual(
      snapshots.map(({ name }) => name),
      ["it's"],
    );
    client.dispose();
  });
});
