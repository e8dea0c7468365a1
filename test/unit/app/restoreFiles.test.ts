import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findCheckpoint } from '../../../src/app/findCheckpoint.ts';
import { restoreCheckpoint, revertFiles } from '../../../src/app/restoreCheckpoint.ts';
import { previewRestore } from '../../../src/app/restoreFiles.ts';
import { unavailable } from '../../../src/core/capabilities.ts';
import { file, link } from '../../support/folderTree.ts';
import { type MemorySession, openMemorySession, renderOutcome, renderPlan } from '../../support/memorySession.ts';

/** A folder with a checkpoint "good", then broken by an edit, a deletion and a new file. */
async function brokenFolder(): Promise<MemorySession> {
  const opened = openMemorySession();
  opened.workspace.write({ 'src/a.ts': 'good', 'src/b.ts': 'kept', same: 'same' });
  await opened.create('good');
  opened.workspace.write({ 'src/a.ts': 'broken', 'src/new.ts': 'new' });
  opened.workspace.remove('src/b.ts');
  return opened;
}

const good = (opened: MemorySession) => findCheckpoint(opened.session.stores, 'good');

describe('restoring', () => {
  it('checks, offers to save editors, captures, plans, asks, remembers and only then touches files', async () => {
    const opened = await brokenFolder();
    await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.deepEqual(opened.trace, [
      'check',
      'save editors of everything',
      'create safety "Before restore to “good”"',
      'plan from the safety checkpoint',
      'confirm ~src/a.ts +src/b.ts -src/new.ts',
      'remember',
      'apply',
    ]);
  });

  it('gives the target back, reports each path and lists the safety checkpoint with what was there', async () => {
    const opened = await brokenFolder();
    const outcome = await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.equal(renderOutcome(outcome), 'restored src/a.ts, restored src/b.ts, deleted src/new.ts');
    assert.equal(opened.workspace.render(), '644 same "same"\n755 src/\n644 src/a.ts "good"\n644 src/b.ts "kept"');
    assert.deepEqual(await opened.labels(), ['Before restore to “good”', 'good']);
    const safety = await findCheckpoint(opened.session.stores, '@latest');
    assert.equal(renderPlan(await previewRestore(safety, [])), '~src/a.ts -src/b.ts +src/new.ts');
  });

  it('touches only the given files and folders', async () => {
    const opened = await brokenFolder();
    const outcome = await revertFiles(opened.session, await good(opened), ['src/b.ts'], opened.questions);
    assert.equal(renderOutcome(outcome), 'restored src/b.ts');
    assert.equal(opened.trace[1], 'save editors src/b.ts');
  });

  it('changes nothing and leaves nothing behind when editors stay unsaved', async () => {
    const opened = await brokenFolder();
    const before = opened.workspace.render();
    opened.answers.saveEditors = false;
    const outcome = await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.deepEqual(
      [renderOutcome(outcome), opened.workspace.render(), await opened.labels(), opened.trace],
      ['declined', before, ['good'], ['check', 'save editors of everything']],
    );
  });

  it('changes nothing and leaves nothing behind when the question is declined', async () => {
    const opened = await brokenFolder();
    const before = opened.workspace.render();
    opened.answers.confirm = false;
    const outcome = await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.deepEqual(
      [renderOutcome(outcome), opened.workspace.render(), await opened.labels(), await opened.session.restores.read()],
      ['declined', before, ['good'], []],
    );
  });

  it('asks nothing and leaves nothing behind when the files are as they were', async () => {
    const opened = openMemorySession();
    opened.workspace.write({ a: '1' });
    await opened.create('old');
    opened.workspace.write({ b: '2' });
    await opened.create('new');
    opened.workspace.remove('b');
    const old = await findCheckpoint(opened.session.stores, 'old');
    const outcome = await restoreCheckpoint(opened.session, old, [], opened.questions);
    assert.deepEqual(
      [renderOutcome(outcome), opened.asked(), await opened.labels()],
      ['nothingToDo', undefined, ['new', 'old']],
    );
  });

  it('takes the newest checkpoint as the safety checkpoint when it holds the same, and never deletes it', async () => {
    const opened = openMemorySession();
    opened.workspace.write({ a: '1' });
    await opened.create('old');
    opened.workspace.write({ a: '2' });
    await opened.create('new');
    opened.answers.confirm = false;
    const old = await findCheckpoint(opened.session.stores, 'old');
    await restoreCheckpoint(opened.session, old, [], opened.questions);
    assert.equal(opened.asked()?.safety.label, 'new');
    assert.deepEqual(await opened.labels(), ['new', 'old']);
  });

  it('never shares a safety checkpoint with another restore that may still give up', async () => {
    const opened = await brokenFolder();
    const target = await good(opened);
    const { promise: waiting, resolve: release } = Promise.withResolvers<boolean>();
    const slow = restoreCheckpoint(opened.session, target, [], { ...opened.questions, confirm: () => waiting });
    await new Promise(setImmediate);
    await restoreCheckpoint(opened.session, target, [], opened.questions);
    release(false);
    await slow;
    const [record] = await opened.session.restores.read();
    assert.deepEqual((await opened.store.list()).map(({ id }) => id).filter((id) => id === record?.safety).length, 1);
    assert.deepEqual(await opened.labels(), ['Before restore to “good”', 'good']);
  });

  it('keeps what could not be captured, what the target had skipped and what it ignored', async () => {
    const opened = openMemorySession();
    const { workspace } = opened;
    workspace.write({ locked: 'old', big: 'old', cache: 'old', gone: 'x' });
    workspace.unreadable.set('big', 'tooLarge');
    workspace.ignored.add('cache');
    await opened.create('good');
    workspace.unreadable.clear();
    workspace.ignored.clear();
    workspace.unreadable.set('locked', 'unreadable');
    workspace.write({ locked: 'precious', big: 'now small', cache: 'now wanted' });
    workspace.remove('gone');
    const outcome = await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.equal(renderOutcome(outcome), 'restored gone');
    assert.equal(
      opened.trace.find((line) => line.startsWith('confirm')),
      'confirm +gone (kept big: skippedAtTarget) (kept cache: ignoredAtTarget) (kept locked: notCaptured)',
    );
    assert.equal(
      workspace.render(),
      '644 big "now small"\n644 cache "now wanted"\n644 gone "x"\n644 locked "precious"',
    );
  });

  it('captures what the target holds even where it is ignored today, so that nothing uncaptured is overwritten', async () => {
    const opened = openMemorySession();
    opened.workspace.write({ config: 'old' });
    await opened.create('good');
    opened.workspace.write({ config: 'secret edit' });
    opened.workspace.ignored.add('config');
    await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    const safety = await findCheckpoint(opened.session.stores, '@latest');
    assert.equal(opened.workspace.render(), '644 config "old"');
    const { files } = opened.store.capabilities;
    assert.ok(files.available);
    assert.equal(Buffer.from(await files.use.read(safety.checkpoint.id, 'config')).toString(), 'secret edit');
  });

  it('stops only the paths that changed between the safety checkpoint and their turn', async () => {
    const opened = await brokenFolder();
    opened.store.restorer.beforeStep = (path) => {
      if (path === 'src/a.ts') {
        opened.workspace.write({ 'src/a.ts': 'typed just now' });
      }
    };
    const outcome = await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.equal(
      renderOutcome(outcome),
      'restored src/b.ts, deleted src/new.ts, failed src/a.ts: changed since the safety checkpoint',
    );
    assert.match(opened.workspace.render(), /src\/a\.ts "typed just now"/);
  });

  it('swaps files, folders and links for each other', async () => {
    const opened = openMemorySession();
    opened.workspace.write({ 'x/inner': 'deep', y: 'file', z: link('y') });
    await opened.create('good');
    const before = opened.workspace.render();
    opened.workspace.remove('x', 'y', 'z');
    opened.workspace.write({ x: 'a file now', 'y/inner': 'a folder now', z: file('y', 0o755) });
    await restoreCheckpoint(opened.session, await good(opened), [], opened.questions);
    assert.equal(opened.workspace.render(), before);
  });

  it('refuses to begin while an earlier restore is interrupted, without capturing anything', async () => {
    const opened = await brokenFolder();
    const target = await good(opened);
    opened.store.restorer.crashAfter = 1;
    await assert.rejects(restoreCheckpoint(opened.session, target, [], opened.questions), /killed/);
    const labels = await opened.labels();
    await assert.rejects(restoreCheckpoint(opened.session, target, [], opened.questions), { reason: 'conflict' });
    assert.deepEqual(await opened.labels(), labels);
  });

  it('keeps the safety checkpoint when the restore itself fails', async () => {
    const opened = await brokenFolder();
    opened.store.restorer.crashAfter = 0;
    await assert.rejects(restoreCheckpoint(opened.session, await good(opened), [], opened.questions), /killed/);
    assert.deepEqual(await opened.labels(), ['Before restore to “good”', 'good']);
  });

  it('leaves nothing behind when the plan cannot be made', async () => {
    const opened = await brokenFolder();
    const target = await good(opened);
    await assert.rejects(restoreCheckpoint(opened.session, target, ['../outside'], opened.questions), {
      reason: 'usage',
    });
    assert.deepEqual(await opened.labels(), ['good']);
  });

  it('lists what a cancelled restore did not reach, and undo knows what it did', async () => {
    const opened = await brokenFolder();
    const controller = new AbortController();
    opened.store.restorer.beforeStep = () => controller.abort();
    const target = await good(opened);
    const outcome = await restoreCheckpoint(opened.session, target, [], opened.questions, {
      signal: controller.signal,
    });
    assert.match(renderOutcome(outcome), /failed src\/a\.ts: cancelled/);
    assert.equal((await opened.session.restores.read()).length, 1);
  });

  it('says why when the store cannot restore files', async () => {
    const opened = await brokenFolder();
    const { checkpoint, store } = await good(opened);
    const restoreless = unavailable('It holds no workspace files.');
    const unable = { ...store, capabilities: { ...store.capabilities, restoreFiles: restoreless } };
    await assert.rejects(restoreCheckpoint(opened.session, { checkpoint, store: unable }, [], opened.questions), {
      reason: 'unsupported',
      message: 'It holds no workspace files.',
    });
  });
});

describe('the preview of a restore', () => {
  it('shows the plan from the folder as it is and leaves nothing behind', async () => {
    const opened = await brokenFolder();
    const plan = await previewRestore(await good(opened), []);
    assert.equal(renderPlan(plan), '~src/a.ts +src/b.ts -src/new.ts');
    assert.deepEqual([await opened.labels(), opened.trace], [['good'], ['check', 'plan from now']]);
  });
});
