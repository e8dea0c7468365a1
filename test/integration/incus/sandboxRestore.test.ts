import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import type { CheckpointStore } from '../../../src/core/store.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import type { SandboxRestoreConsent, SandboxRestorePlan } from '../../../src/core/sandbox.ts';
import {
  type ContainerOptions,
  makeContainer,
  openStore,
  render,
  sandboxOf,
} from '../../support/incus/incusWorkspace.ts';
import { useIncus } from '../../support/incus/useIncus.ts';

const NOTHING_AGREED: SandboxRestoreConsent = { stop: false, deleteLater: false, safety: true, stateful: false };
const STOP: SandboxRestoreConsent = { ...NOTHING_AGREED, stop: true };

describe('Restoring an Incus container', () => {
  const daemon = useIncus();
  let store: CheckpointStore;
  let container: string;
  let workspace: string;
  let number = 0;

  async function fresh(options: ContainerOptions = {}): Promise<void> {
    number += 1;
    container = `coi-abcdef01-${number}`;
    workspace = `${daemon().folder}/work-${number}`;
    await makeContainer(daemon(), container, { workspace, ...options });
    store = await openStore(daemon(), container);
  }
  const create = async (label: string): Promise<Checkpoint> => {
    const made = await requireCapability(store.capabilities.create)({ origin: 'manual', label });
    assert.ok(made);
    return made;
  };
  const restorer = () => requireCapability(sandboxOf(store).restore);
  const inside = (script: string): Promise<string> => daemon().exec(container, script);
  const state = async (): Promise<string> => (await sandboxOf(store).describe()).state;
  const findings = ({ findings: all }: SandboxRestorePlan): string[] =>
    all.map(({ severity, code }) => `${severity} ${code}`);

  afterEach(() => store.dispose());

  it('is refused while it runs or is paused, naming it and how to stop it, and nothing changes', async () => {
    await fresh();
    await inside('echo old > /etc/state');
    const { id } = await create('one');
    await inside('echo new > /etc/state');
    for (const expected of ['running', 'frozen']) {
      await assert.rejects(restorer().apply(id, NOTHING_AGREED), (error) => {
        assert.ok(isCheckpointError(error, 'sandboxRunning'), String(error));
        const is = expected === 'frozen' ? 'paused' : expected;
        assert.equal(
          error.message,
          `The container "${container}" is ${is}. It must be stopped first (coi container stop ${container}). Nothing was changed.`,
        );
        return true;
      });
      assert.equal(await state(), expected);
      await requireCapability(sandboxOf(store).changeState)(expected === 'running' ? 'freeze' : 'unfreeze');
    }
    assert.equal(await inside('cat /etc/state'), 'new\n');
    assert.equal(render(await store.list()), 'one manual');
  });

  it('stops, restores and starts it as one operation, with the state before as a checkpoint', async () => {
    await fresh();
    await inside('mkdir -p /root/.claude; echo session > /root/.claude/s.json; echo x > /root/f; chmod 600 /root/f');
    const { id } = await create('one');
    await inside('rm -r /root/.claude; chmod 777 /root/f; echo later > /root/later');
    await fs.writeFile(`${workspace}/project.txt`, 'edited since');
    const steps: string[] = [];
    const report = await restorer().apply(id, STOP, { onProgress: ({ message }) => steps.push(message) });
    assert.deepEqual(steps, [
      `Stopping ${container}`,
      `Making a checkpoint of ${container}`,
      `Restoring ${container} to "one"`,
      `Starting ${container}`,
    ]);
    assert.equal(await inside('cat /root/.claude/s.json; stat -c %a /root/f; ls /root'), 'session\n600\nf\n');
    assert.equal(await inside('cat /workspace/project.txt'), 'edited since');
    const [safety] = await store.list();
    assert.deepEqual(report, { target: id, state: 'running', safetyCheckpoint: safety?.id, deleted: [], warnings: [] });
    assert.equal(render(await store.list()), 'Before-restoring-one "Before restoring one" safety\none manual');
    await restorer().apply(safety?.id ?? '', { ...STOP, safety: false });
    assert.equal(await inside('ls /root'), 'f\nlater\n');
  });

  it('leaves a stopped one stopped and asks nothing', async () => {
    await fresh({ stopped: true });
    const { id } = await create('one');
    const report = await restorer().apply(id, { ...NOTHING_AGREED, safety: false });
    assert.deepEqual(report, { target: id, state: 'stopped', deleted: [], warnings: [] });
  });

  it('goes back to any of several states', async () => {
    await fresh();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      await inside(`touch /root/${name}`);
      ids.push((await create(name)).id);
    }
    await requireCapability(store.capabilities.delete)(ids.slice(1));
    await restorer().apply(ids[0] ?? '', { ...STOP, safety: false });
    assert.equal(await inside('ls /root'), 'a\n');
  });

  it('tells beforehand what it does not hold and which settings and devices go back', async () => {
    await fresh({ config: { 'user.note': 'then', 'limits.memory': '512MiB' } });
    const { id } = await create('one');
    await daemon().incus('config', 'set', container, 'user.note=now');
    await daemon().incus('config', 'unset', container, 'limits.memory');
    await fs.mkdir(`${workspace}-2`);
    await daemon().incus('config', 'device', 'add', container, 'extra', 'disk', `source=${workspace}-2`, 'path=/extra');
    const plan = await restorer().plan(id);
    assert.deepEqual(plan.drift, [
      { kind: 'config', name: 'limits.memory', target: '512MiB' },
      { kind: 'config', name: 'user.note', now: 'now', target: 'then' },
      { kind: 'device', name: 'extra', now: `path=/extra source=${workspace}-2 type=disk` },
    ]);
    assert.deepEqual(findings(plan), ['info workspaceNotHeld', 'consent notStopped']);
    assert.equal(
      plan.findings[0]?.message,
      `Files in ${workspace}-2, ${workspace} are not part of this and stay as they are.`,
    );
    const report = await restorer().apply(id, STOP);
    assert.deepEqual(report.warnings, [`The folder ${workspace}-2 is not mounted at /extra any more.`]);
  });

  it('is not begun when a folder that the checkpoint mounts is gone', async () => {
    await fresh();
    const { id } = await create('one');
    await daemon().incus('config', 'device', 'remove', container, 'workspace');
    await fs.rm(workspace, { recursive: true });
    await assert.rejects(restorer().apply(id, STOP), (error) => {
      assert.ok(isCheckpointError(error, 'conflict'), String(error));
      assert.match(error.message, /which this checkpoint mounts, does not exist/);
      return true;
    });
    assert.equal(await state(), 'running');
  });

  it('warns when its tool may delete it while it is stopped', async () => {
    await fresh({ stopped: true, config: { 'user.clincus.managed': 'true', 'user.clincus.persistent': 'false' } });
    const { id } = await create('one');
    const plan = await restorer().plan(id);
    assert.deepEqual(findings(plan), ['info workspaceNotHeld', 'warning notPersistent']);
    assert.match(plan.findings[1]?.message ?? '', /^Clincus may delete/);
  });

  it('takes the stop back when it is cancelled before the restore begins', async () => {
    await fresh();
    const { id } = await create('one');
    const cancel = new AbortController();
    const cancelled = restorer().apply(id, STOP, {
      signal: cancel.signal,
      onProgress: ({ message }) => {
        if (message.startsWith('Making a checkpoint')) {
          cancel.abort();
        }
      },
    });
    await assert.rejects(cancelled, (error) => {
      assert.ok(isCheckpointError(error, 'cancelled'), String(error));
      assert.equal(error.details['state'], 'running');
      return true;
    });
    assert.equal(await state(), 'running');
  });

  it('warns of the slow pool that keeps full copies', async () => {
    await fresh({ stopped: true, pool: 'dr' });
    const { id } = await create('one');
    assert.deepEqual(findings(await restorer().plan(id)), ['info workspaceNotHeld', 'warning slowStorage']);
    assert.equal((await restorer().apply(id, NOTHING_AGREED)).state, 'stopped');
  });

  it('never stops one that Incus would then delete', async () => {
    await fresh({ stopped: true });
    await daemon().incus('query', '-X', 'PATCH', '-d', '{"ephemeral":true}', `/1.0/instances/${container}`);
    await daemon().incus('start', container);
    const { id } = await create('one');
    await assert.rejects(
      restorer().apply(id, STOP),
      (error) => isCheckpointError(error, 'conflict') && /ephemeral/.test(error.message),
    );
    assert.equal(await state(), 'running');
  });
});
