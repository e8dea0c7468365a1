import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { requireCapability } from '../../../src/core/capabilities.ts';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { isCheckpointError } from '../../../src/core/error.ts';
import type { CheckpointStore, CreateRequest } from '../../../src/core/store.ts';
import { makeContainer, multiplySnapshots, openStore, render, sandboxOf } from '../../support/incus/incusWorkspace.ts';
import { useIncus } from '../../support/incus/useIncus.ts';

describe('The checkpoints of an Incus container', () => {
  const daemon = useIncus();
  let store: CheckpointStore;
  let number = 0;

  /** A fresh container for one test. */
  async function fresh(config: Record<string, string> = {}): Promise<string> {
    number += 1;
    const name = `clincus-0000000${number % 10}-${number}`;
    await makeContainer(daemon(), name, { config, stopped: true });
    store = await openStore(daemon(), name);
    return name;
  }
  const create = async (request: Partial<CreateRequest> = {}): Promise<Checkpoint> => {
    const made = await requireCapability(store.capabilities.create)({ origin: 'manual', ...request });
    assert.ok(made);
    return made;
  };
  const annotate = (id: string, annotation: object) => requireCapability(store.capabilities.annotate)(id, annotation);
  const remove = (...ids: string[]) => requireCapability(store.capabilities.delete)(ids);
  const list = async (): Promise<string> => render(await store.list());

  afterEach(() => store.dispose());

  it('are none at first', async () => {
    await fresh();
    assert.equal(await list(), '');
    assert.deepEqual(store.info.state, 'stopped');
  });

  it('are created with the name that people give, and listed newest first', async () => {
    await fresh();
    await create({ label: 'checkpoint-1' });
    await create({ label: 'Before the upgrade: ä/b', note: 'two\nlines', origin: 'agent' });
    await create({ label: 'a_b', origin: 'auto' });
    assert.equal(
      await list(),
      [
        'a_b auto',
        'Before-the-upgrade-a-b "Before the upgrade: ä/b" agent note "two\\nlines"',
        'checkpoint-1 manual',
      ].join('\n'),
    );
  });

  it('get the local time as their name when nobody gives one, several within a second too', async () => {
    await fresh();
    const made = [await create(), await create({ label: '' }), await create({ label: '   ' })];
    for (const { name, label } of made) {
      assert.match(name, /^snap-\d{8}-\d{6}(-\d)?$/);
      assert.equal(label, name);
    }
    assert.equal(new Set((await store.list()).map(({ name }) => name)).size, 3);
  });

  it('keep container, name, time and stateful flag for machines', async () => {
    const container = await fresh();
    const before = Date.now();
    const made = await create({ label: 'one' });
    const time = Date.parse(made.createdAt ?? '');
    assert.ok(time >= before - 1 && time <= Date.now() + 1, made.createdAt);
    assert.deepEqual(
      { ...made, id: made.id.length, createdAt: '' },
      {
        id: 16,
        store: `incus:${container}`,
        backend: 'incus',
        name: 'one',
        label: 'one',
        note: '',
        createdAt: '',
        exactTime: true,
        origin: 'manual',
        scope: ['sandbox'],
        stateful: false,
        pinned: false,
        coverage: { skipped: [] },
      },
    );
  });

  it('are refused under a name that is taken, and the first one stays', async () => {
    const container = await fresh();
    const first = await create({ label: 'same', note: 'first' });
    await assert.rejects(create({ label: 'same' }), (error) => {
      assert.ok(isCheckpointError(error, 'conflict'));
      assert.equal(error.message, `The container "${container}" has a checkpoint "same" already.`);
      return true;
    });
    assert.deepEqual(await store.list(), [first]);
  });

  it('made by the incus command appear as foreign ones, without what was said about others', async () => {
    const container = await fresh();
    const own = await create({ label: 'Our own', note: 'ours' });
    // A restore gives the container's volume the description of the snapshot, and later snapshots inherit it.
    await daemon().incus('snapshot', 'restore', container, own.name);
    await daemon().incus('snapshot', 'create', container, 'theirs');
    assert.equal(await list(), 'theirs foreign\nOur-own "Our own" manual note "ours"');
  });

  it('keep label, note and pin over a rename by the incus command', async () => {
    const container = await fresh();
    const { id, name } = await create({ label: 'A title!', note: 'kept' });
    await annotate(id, { pinned: true });
    await daemon().incus('snapshot', 'rename', container, name, 'other');
    const [found] = await store.list();
    assert.equal(found?.id, id);
    assert.equal(await list(), 'other "A title!" manual note "kept" pinned');
  });

  it('are renamed, noted and pinned under the same id', async () => {
    await fresh();
    const { id } = await create({ label: 'one' });
    await create({ label: 'two' });
    const renamed = await annotate(id, { label: 'Better title', note: 'n', pinned: true });
    assert.equal(renamed.id, id);
    await annotate(id, { note: '' });
    assert.equal(await list(), 'two manual\nBetter-title "Better title" manual pinned');
    await annotate(id, { label: 'plain', pinned: false });
    assert.equal(await list(), 'two manual\nplain manual');
    await assert.rejects(annotate(id, { label: 'two' }), (error) => isCheckpointError(error, 'conflict'));
    assert.equal(await list(), 'two manual\nplain manual');
  });

  it('that are pinned do not expire', async () => {
    await fresh();
    const { id } = await create({ label: 'one' });
    const expiry = requireCapability(sandboxOf(store).expiry);
    const seen = [await expiry.read(id)];
    await expiry.write(id, '2099-01-02T03:04:05Z');
    seen.push(await expiry.read(id));
    await annotate(id, { pinned: true });
    seen.push(await expiry.read(id));
    assert.deepEqual(seen, [undefined, '2099-01-02T03:04:05Z', undefined]);
  });

  it('are deleted one by one and all together, the others stay', async () => {
    await fresh();
    const [a, b, c, d] = [await create({ label: 'a' }), await create({ label: 'b' }), await create(), await create()];
    await remove(b.id);
    assert.deepEqual(
      (await store.list()).map(({ id }) => id),
      [d.id, c.id, a.id],
    );
    await remove(a.id, c.id, d.id);
    assert.deepEqual(await store.list(), []);
    await remove();
  });

  it('that are unknown are not found, and then nothing is deleted', async () => {
    const container = await fresh();
    const { id } = await create();
    const unknown = (error: unknown): boolean => {
      assert.ok(isCheckpointError(error, 'notFound'));
      assert.equal(error.message, `There is no checkpoint "nope" of the container "${container}".`);
      return true;
    };
    await assert.rejects(remove(id, 'nope'), unknown);
    await assert.rejects(annotate('nope', { note: 'x' }), unknown);
    await assert.rejects(requireCapability(sandboxOf(store).restore).plan('nope'), unknown);
    assert.deepEqual(
      (await store.list()).map((each) => each.id),
      [id],
    );
  });

  it('with names that only Incus allows are listed and deleted, or the reason is told', async () => {
    const container = await fresh();
    for (const name of ['.hidden', 'ü:1', "a'b", '$(id)', 'a%b', 'x*', '#']) {
      await daemon().incus(
        'query',
        '-X',
        'POST',
        '--wait',
        '-d',
        JSON.stringify({ name }),
        `/1.0/instances/${container}/snapshots`,
      );
    }
    const checkpoints = await store.list();
    assert.deepEqual(checkpoints.map(({ name }) => name).toReversed(), [
      '.hidden',
      'ü:1',
      "a'b",
      '$(id)',
      'a%b',
      'x*',
      '#',
    ]);
    const broken = checkpoints.find(({ name }) => name === 'a%b');
    await assert.rejects(remove(broken?.id ?? ''), (error) => {
      assert.ok(isCheckpointError(error, 'unsupported'), String(error));
      assert.match(error.hint ?? '', /goes only with its container/);
      return true;
    });
    await remove(...checkpoints.filter((each) => each !== broken).map(({ id }) => id));
    assert.equal(await list(), 'a%b foreign');
  });

  it('with memory are refused with the reason where the container cannot have them', async () => {
    const container = await fresh();
    await assert.rejects(create({ stateful: true }), (error) => {
      assert.ok(isCheckpointError(error, 'unsupported'));
      assert.equal(
        error.message,
        `The memory cannot be held. The container "${container}" is not set up for it (migration.stateful is not true).`,
      );
      return true;
    });
    assert.deepEqual(await store.list(), []);
  });

  it('cannot be reached after their container is gone, and it says so', async () => {
    const container = await fresh();
    await create();
    await daemon().incus('delete', '--force', container);
    await assert.rejects(store.list(), (error) => {
      assert.ok(isCheckpointError(error, 'notFound'), String(error));
      assert.match(error.message, new RegExp(`^Reading the container ${container} failed: .*Instance not found$`));
      return true;
    });
    assert.equal(store.info.state, 'unavailable');
  });

  it('of two windows at once are all made', async () => {
    const container = await fresh();
    const other = await openStore(daemon(), container);
    const both = [store, other].map((each) => requireCapability(each.capabilities.create));
    await Promise.all(both.flatMap((make) => [make({ origin: 'auto' }), make({ origin: 'auto' })]));
    assert.equal(new Set((await store.list()).map(({ name }) => name)).size, 4);
    other.dispose();
  });

  it('are a list that 500 of them do not slow down much', async () => {
    const container = await fresh();
    await create({ label: 'first' });
    await multiplySnapshots(daemon(), container, 500);
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      const one = await openStore(daemon(), container);
      const started = performance.now();
      const checkpoints = await one.list();
      times.push(`${(performance.now() - started).toFixed(0)} ms`);
      one.dispose();
      assert.equal(checkpoints.length, 501);
      assert.equal(render(checkpoints.slice(0, 1)), 's500 foreign note "note 500"');
      assert.equal(render(checkpoints.slice(-1)), 'first manual');
    }
    console.log(`      501 checkpoints listed in ${times.join(', ')}`);
  });
});
