import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as z from 'zod';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { AGENT_TOOLS } from '../../../src/agent/tools.ts';
import { type AgentSession, openAgentSession } from '../../support/agentSession.ts';

/** Two checkpoints: `first` (1000) and `second` (2000), and an edit since. */
async function openWithHistory(): Promise<AgentSession> {
  const agent = openAgentSession();
  const { workspace } = agent.memory;
  workspace.write({ 'a.txt': 'one\n', 'src/b.txt': 'b\n' });
  await agent.call('snapshots_create', { name: 'first try' });
  workspace.write({ 'a.txt': 'two\n', 'new.txt': 'new\n' });
  workspace.remove('src');
  await agent.call('snapshots_create', { name: 'second', note: 'all tests pass' });
  workspace.write({ 'a.txt': 'three\n' });
  return agent;
}

describe('The tools of agents', () => {
  it('have the names, arguments and hints that agents know', () => {
    const lines = AGENT_TOOLS.map(({ name, input, annotations, asksFirst }) => {
      const { readOnlyHint, destructiveHint, idempotentHint } = annotations;
      const hints = [
        readOnlyHint && 'reads',
        destructiveHint && 'replaces',
        idempotentHint && 'idempotent',
        asksFirst && 'asks first',
      ];
      const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' });
      const args = Object.keys(properties).map((key) => (required.includes(key) ? key : `[${key}]`));
      return `${name}(${args.join(', ')}) ${hints.filter(Boolean).join(', ')}`;
    });
    assert.deepEqual(lines, [
      'snapshots_list([format], [start_index], [max_length], [include_changes]) reads, idempotent',
      'snapshots_create([name], [note]) ',
      'snapshots_changes([format], [start_index], [max_length], [from], [to]) reads, idempotent',
      'snapshots_diff([from], [to], [paths], [start_index], [max_length]) reads, idempotent',
      'snapshots_history(path) reads, idempotent',
      'snapshots_revert(path, [checkpoint]) replaces, idempotent',
      'snapshots_restore(checkpoint, [paths], [dry_run]) replaces, idempotent, asks first',
      'snapshots_undo() replaces, asks first',
      'snapshots_compact(checkpoints, [name]) replaces, asks first',
      'snapshots_delete(checkpoint) replaces, idempotent, asks first',
    ]);
  });

  it('say what to do where there is no checkpoint yet', async () => {
    const { call } = openAgentSession();
    assert.deepEqual(
      [
        await call('snapshots_list'),
        await call('snapshots_changes'),
        await call('snapshots_changes', { format: 'json' }),
        await call('snapshots_diff'),
        await call('snapshots_restore', { checkpoint: '@latest' }),
        await call('snapshots_undo'),
      ],
      [
        'No checkpoints available yet. Call snapshots_create before you change files.',
        'No checkpoints available yet. Call snapshots_create to make the first one.',
        '"No checkpoints available yet."',
        'No checkpoints available yet. Call snapshots_create to make the first one.',
        'Error: This folder has no checkpoints yet. Create the first one.',
        'Error: There is nothing to undo. Undo takes back a restore or a revert; none was made here since the last undo.',
      ],
    );
  });

  it('list checkpoints as text, with their changes on request', async () => {
    const { call, memory } = await openWithHistory();
    await requireCapability(memory.store.capabilities.annotate)('1000', { pinned: true });
    memory.workspace.unreadable.set('a.txt', 'unreadable');
    await memory.create('third', 'auto');
    assert.deepEqual((await call('snapshots_list', { include_changes: true })).split('\n'), [
      '3 checkpoints, newest first: id, age, origin, changed files, name.',
      'Next: snapshots_changes shows what changed since, snapshots_restore goes back to one.',
      '3000  8 min ago  auto  +0 ~0 -1  third [1 path skipped]',
      '    deleted   a.txt',
      '2000  9 min ago  agent  +1 ~1 -1  second',
      '    modified  a.txt',
      '    new       new.txt',
      '    deleted   src/b.txt',
      '1000  10 min ago  agent  +2 ~0 -0  first try [pinned]',
      '    new       a.txt',
      '    new       src/b.txt',
    ]);
  });

  it('list checkpoints as JSON in the shape that agents know', async () => {
    const { json } = await openWithHistory();
    const first = {
      checkpoint: '1000',
      name: 'first try',
      origin: 'agent',
      age: '10 min ago',
      created_at: '2025-01-01T00:00:00.000Z',
      pinned: false,
      changes_summary: { created: 2, edited: 0, deleted: 0, total: 2 },
      coverage: 'complete',
    };
    const { snapshots } = (await json('snapshots_list', { format: 'json' })) as { snapshots: object[] };
    assert.deepEqual(snapshots[1], first);
    const { snapshots: full } = (await json('snapshots_list', { format: 'json', include_changes: true })) as {
      snapshots: object[];
    };
    const changes = ['a.txt', 'src/b.txt'].map((path, index) => ({
      path,
      op: 'new',
      size: [4, 2][index],
      is_symlink: false,
    }));
    assert.deepEqual(full[1], { ...first, changes });
  });

  it('compare with the newest checkpoint, with a named one, and two with each other', async () => {
    const { call, json } = await openWithHistory();
    assert.deepEqual(await json('snapshots_changes', { format: 'json' }), [
      {
        path: 'a.txt',
        op: 'modified',
        size: 6,
        is_symlink: false,
        checkpoint: '2000',
        checkpoint_age: '9 min ago',
        checkpoint_origin: 'agent',
        checkpoint_name: 'second',
      },
    ]);
    assert.deepEqual((await call('snapshots_changes', { from: 'first try', to: '@latest' })).split('\n'), [
      '3 changes from "first try" (1000, 10 min ago) to "second" (2000, 9 min ago).',
      'Next: snapshots_diff shows the lines, snapshots_revert puts one file back, snapshots_create keeps this state.',
      'modified  a.txt',
      'created   new.txt',
      'deleted   src/b.txt',
    ]);
    assert.match(await call('snapshots_diff', { paths: ['./a.txt'] }), /^-two\n\+three\n/m);
    assert.equal(
      await call('snapshots_diff', { paths: ['new.txt'] }),
      'Nothing changed from "second" (2000, 9 min ago) to now.',
    );
  });

  it('answer in pages whose parts make the whole', async () => {
    const { call, memory } = openAgentSession();
    memory.workspace.write(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}.txt`, ''])));
    await call('snapshots_create', {});
    const whole = await call('snapshots_list', { include_changes: true });
    const args = { include_changes: true, max_length: 400 };
    const first = await call('snapshots_list', args);
    assert.match(
      first,
      new RegExp(`^Content length: ${whole.length}\nShowing: 0..400\nUse start_index=400 to continue.\n\n`),
    );
    const second = await call('snapshots_list', { ...args, start_index: 400, max_length: 100_000 });
    const body = (text: string): string => text.slice(text.indexOf('\n\n') + 2);
    assert.equal(body(first) + body(second), whole);
    assert.equal(
      await call('snapshots_list', { ...args, start_index: 9_999_999 }),
      `Content length: ${whole.length}\nShowing: ${whole.length}..${whole.length}\nThis is the end: there is nothing more to read.\n\n`,
    );
  });

  it('show the versions of a file, also for an absolute path', async () => {
    const { json } = await openWithHistory();
    const version = (checkpoint: string, name: string, age: string, status: string, size: number | null) => ({
      checkpoint,
      name,
      origin: 'agent',
      age,
      status,
      size,
    });
    assert.deepEqual(await json('snapshots_history', { path: '/folder/src/b.txt' }), {
      path: 'src/b.txt',
      current_size: null,
      exists: false,
      versions: [
        version('2000', 'second', '9 min ago', 'deleted', null),
        version('1000', 'first try', '10 min ago', 'new', 2),
      ],
      next: 'snapshots_revert with this path and a checkpoint puts that version back.',
    });
    assert.deepEqual(await json('snapshots_history', { path: 'unknown.txt' }), {
      path: 'unknown.txt',
      current_size: null,
      exists: false,
      versions: [],
      next: 'No checkpoint ever held this file.',
    });
  });

  it('revert one file without asking, keep the state before, and undo', async () => {
    const { call, json, memory, asked } = await openWithHistory();
    assert.deepEqual(await json('snapshots_revert', { path: 'a.txt' }), {
      reverted: true,
      action: 'restored',
      path: 'a.txt',
      checkpoint: '2000',
      safety_checkpoint: '3000',
      next: 'The file is as it was at "second" (2000, 9 min ago). snapshots_undo takes this back.',
    });
    assert.equal(memory.workspace.render(), '644 a.txt "two\\n"\n644 new.txt "new\\n"');
    assert.deepEqual(asked, []);
    assert.match(await call('snapshots_revert', { path: 'new.txt', checkpoint: 'first try' }), /"action":"deleted"/);
    await call('snapshots_undo');
    assert.equal(memory.workspace.render(), '644 a.txt "two\\n"\n644 new.txt "new\\n"');
  });

  it('revert nothing where that would surprise, and say why', async () => {
    const { call, memory, answers } = await openWithHistory();
    memory.workspace.write({ 'made-since.txt': 'x' });
    const before = memory.workspace.render();
    const texts = [
      await call('snapshots_revert', { path: 'new.txt' }),
      await call('snapshots_revert', { path: 'made-since.txt' }),
      await call('snapshots_revert', { path: 'src', checkpoint: '1000' }),
      await call('snapshots_revert', { path: 'nothing.txt', checkpoint: '1000' }),
      await call('snapshots_revert', { path: 'new.txt', checkpoint: '@latest' }),
      await call('snapshots_revert', { path: '../elsewhere' }),
      await call('snapshots_revert', { path: '/etc/passwd' }),
      await call('snapshots_revert', { path: 'a.txt', checkpoint: 'third' }),
    ];
    answers.saveEditors = false;
    texts.push(await call('snapshots_revert', { path: 'a.txt', checkpoint: '1000' }));
    assert.deepEqual(texts, [
      'Error: Every checkpoint that knows new.txt is from before it existed. Name the checkpoint to delete the file by reverting it.',
      'Error: No checkpoint contains made-since.txt. Call snapshots_list to see the checkpoints.',
      'Error: src is a folder. Use snapshots_restore with "paths" for folders.',
      'Error: nothing.txt exists neither at the checkpoint nor now. snapshots_history shows which checkpoints have it.',
      'Error: new.txt is already what it was at "second" (2000, 9 min ago).',
      'Error: "../elsewhere" is not a path inside /folder. Use a path relative to that folder, without "..".',
      'Error: "/etc/passwd" is not a path inside /folder. Use a path relative to that folder, without "..".',
      'Error: There is no checkpoint "third". List the checkpoints to see their ids and names.',
      'Error: The user has unsaved changes in this file and kept them.',
    ]);
    assert.equal(memory.workspace.render(), before);
    assert.deepEqual(await memory.labels(), ['second', 'first try']);
  });

  it('show what a restore would do, restore after asking, and undo', async () => {
    const { call, json, memory, asked } = await openWithHistory();
    assert.deepEqual((await call('snapshots_restore', { checkpoint: '1000', dry_run: true })).split('\n'), [
      'Restoring "first try" (1000, 10 min ago) would change 3 paths:',
      'modified  a.txt',
      'deleted   new.txt',
      'created   src/b.txt',
      'Next: call again without dry_run to do it.',
    ]);
    assert.equal(asked.length, 0);
    assert.deepEqual(await json('snapshots_restore', { checkpoint: '1000' }), {
      restored: ['a.txt', 'src/b.txt'],
      deleted: ['new.txt'],
      failed: [],
      safety_checkpoint: '3000',
      left_alone: [],
      next:
        'Read files again before you edit them. The state before is "Before restore to “first try”" (3000, 8 min ago); ' +
        'snapshots_undo comes back to it.',
    });
    assert.equal(memory.workspace.render(), '644 a.txt "one\\n"\n755 src/\n644 src/b.txt "b\\n"');
    assert.deepEqual(asked, [
      {
        tool: 'snapshots_restore',
        question: 'An agent wants to restore "first try" (1000, 10 min ago): 3 paths would change.',
        verb: 'Restore',
        paths: ['a.txt', 'new.txt', 'src/b.txt'],
      },
    ]);
    memory.workspace.write({ 'a.txt': 'edited by the user' });
    await call('snapshots_undo');
    assert.equal(memory.workspace.render(), '644 a.txt "three\\n"\n644 new.txt "new\\n"');
    assert.equal(
      asked.at(-1)?.question,
      'An agent wants to undo the last restore: 3 paths would go back. 1 of them changed since.',
    );
  });

  it('restore only the paths that were named', async () => {
    const { call, memory } = await openWithHistory();
    await call('snapshots_restore', { checkpoint: '1000', paths: ['src'] });
    assert.equal(
      memory.workspace.render(),
      '644 a.txt "three\\n"\n644 new.txt "new\\n"\n755 src/\n644 src/b.txt "b\\n"',
    );
  });

  it('change nothing when the user does not agree', async () => {
    const { call, memory, answers } = await openWithHistory();
    const before = memory.workspace.render();
    answers.approval = { allowed: false, reason: 'The user said no.' };
    assert.deepEqual(
      [
        await call('snapshots_restore', { checkpoint: '1000' }),
        await call('snapshots_delete', { checkpoint: '1000' }),
        await call('snapshots_compact', { checkpoints: ['1000', '2000'] }),
      ],
      Array.from({ length: 3 }, () => 'Error: The user said no. Nothing was changed.'),
    );
    assert.equal(memory.workspace.render(), before);
    assert.deepEqual(await memory.labels(), ['second', 'first try']);
  });

  it('delete one checkpoint after asking, and never a pinned one', async () => {
    const { call, json, memory, asked } = await openWithHistory();
    await requireCapability(memory.store.capabilities.annotate)('1000', { pinned: true });
    assert.equal(
      await call('snapshots_delete', { checkpoint: 'first try' }),
      'Error: The user pinned "first try" (1000, 10 min ago) to keep it. Leave it, or ask the user to unpin it.',
    );
    assert.deepEqual(await json('snapshots_delete', { checkpoint: 'second' }), {
      checkpoint: '2000',
      deleted: true,
      next: 'It is gone; the files are unchanged.',
    });
    assert.deepEqual(
      asked.map(({ question }) => question),
      ['An agent wants to delete the checkpoint "second" (2000, 9 min ago).'],
    );
    assert.deepEqual(await memory.labels(), ['first try']);
  });

  it('make one checkpoint of several, named twice or not', async () => {
    const { call, json, memory } = await openWithHistory();
    assert.equal(
      await call('snapshots_compact', { checkpoints: ['second', '2000'] }),
      'Error: Compacting takes at least two checkpoints.',
    );
    const { checkpoint, ...answer } = (await json('snapshots_compact', {
      checkpoints: ['second', 'first try', '2000'],
      name: 'both',
    })) as Record<string, unknown>;
    assert.deepEqual(
      await json('snapshots_list', { format: 'json' }).then((list) =>
        (list as { snapshots: { checkpoint: string }[] }).snapshots.map((each) => each.checkpoint),
      ),
      [checkpoint],
    );
    assert.deepEqual(
      [answer['name'], answer['deleted_checkpoints'], answer['merged_count'], answer['compacted']],
      ['both', ['2000', '1000'], 2, true],
    );
    assert.deepEqual(await memory.labels(), ['both']);
  });

  it('tell what is wrong with arguments', async () => {
    const { call } = openAgentSession();
    assert.deepEqual(
      [
        await call('snapshots_delete', {}),
        await call('snapshots_compact', { checkpoints: 'a' }),
        await call('snapshots_list', 7),
      ],
      [
        'Error: The arguments of snapshots_delete do not fit: checkpoint: Invalid input: expected string, received undefined. It takes checkpoint.',
        'Error: The arguments of snapshots_compact do not fit: checkpoints: Invalid input: expected array, received string. It takes checkpoints, name.',
        'Error: The arguments of snapshots_list do not fit: Invalid input: expected object, received number. It takes format, start_index, max_length, include_changes.',
      ],
    );
  });

  it('name the candidates where a text fits several checkpoints', async () => {
    const { call, memory } = openAgentSession();
    memory.workspace.write({ 'a.txt': '1' });
    await memory.create('same title');
    memory.workspace.write({ 'a.txt': '2' });
    await memory.create('same title');
    assert.equal(
      await call('snapshots_delete', { checkpoint: 'same title' }),
      'Error: "same title" names 2 checkpoints. Use one of these ids: 2000, 1000. Use the id, or more of its characters.',
    );
  });
});
