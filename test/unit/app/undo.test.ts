import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deleteCheckpoints } from '../../../src/app/deleteCheckpoints.ts';
import { findCheckpoint } from '../../../src/app/findCheckpoint.ts';
import { findInterruptedRestore, recoverRestore } from '../../../src/app/recoverRestore.ts';
import { restoreCheckpoint, revertFiles } from '../../../src/app/restoreCheckpoint.ts';
import { redoLastUndo, undoLastRestore } from '../../../src/app/undo.ts';
import { type MemorySession, openMemorySession, renderOutcome } from '../../support/memorySession.ts';

/** Checkpoints "one" to "three", whose file `a` holds that word, and the folder as at "three". */
async function threeVersions(): Promise<MemorySession> {
  const opened = openMemorySession();
  for (const word of ['one', 'two', 'three']) {
    opened.workspace.write({ a: word });
    await opened.create(word);
  }
  return opened;
}

async function restore(opened: MemorySession, name: string, paths: readonly string[] = []): Promise<string> {
  const target = await findCheckpoint(opened.session.stores, name);
  return renderOutcome(await restoreCheckpoint(opened.session, target, paths, opened.questions));
}

const undo = async (opened: MemorySession) => renderOutcome(await undoLastRestore(opened.session, opened.questions));
const redo = async (opened: MemorySession) => renderOutcome(await redoLastUndo(opened.session, opened.questions));
const content = (opened: MemorySession) => opened.workspace.render();

/** Does each step and returns what the folder holds after it. */
async function walk(opened: MemorySession, steps: readonly (() => Promise<string>)[]): Promise<string[]> {
  const seen: string[] = [];
  for (const step of steps) {
    await step();
    seen.push(content(opened));
  }
  return seen;
}

describe('undo and redo', () => {
  it('go back and forth over several restores', async () => {
    const opened = await threeVersions();
    const seen = await walk(opened, [
      () => restore(opened, 'one'),
      () => restore(opened, 'two'),
      () => undo(opened),
      () => undo(opened),
      () => redo(opened),
      () => redo(opened),
      () => undo(opened),
    ]);
    assert.deepEqual(
      seen.map((text) => /"(\w+)"/.exec(text)?.[1]),
      ['one', 'two', 'one', 'three', 'one', 'two', 'one'],
    );
  });

  it('say so when there is nothing to undo or to redo', async () => {
    const opened = await threeVersions();
    await assert.rejects(undo(opened), { reason: 'notFound', message: 'There is nothing to undo.' });
    await restore(opened, 'one');
    await assert.rejects(redo(opened), { reason: 'notFound', message: 'There is nothing to redo.' });
    await undo(opened);
    await assert.rejects(undo(opened), { reason: 'notFound', message: 'There is nothing to undo.' });
  });

  it('touch only what the restore had touched', async () => {
    const opened = await threeVersions();
    await restore(opened, 'one');
    opened.workspace.write({ later: 'new work' });
    assert.equal(await undo(opened), 'restored a');
    assert.equal(content(opened), '644 a "three"\n644 later "new work"');
  });

  it('name the paths that were edited since, below a path as well', async () => {
    const opened = openMemorySession();
    opened.workspace.write({ a: '1', swapped: 'file' });
    await opened.create('good');
    opened.workspace.write({ a: '2' });
    opened.workspace.remove('swapped');
    await restore(opened, 'good');
    opened.workspace.remove('swapped');
    opened.workspace.write({ a: 'edited', 'swapped/inner': 'new', other: 'not touched' });
    opened.answers.confirm = false;
    assert.equal(await undo(opened), 'declined');
    assert.deepEqual(opened.asked()?.editedSince, ['a', 'swapped', 'swapped/inner']);
  });

  it('do not call anything edited when nothing was', async () => {
    const opened = await threeVersions();
    await restore(opened, 'one');
    await undo(opened);
    assert.deepEqual(opened.asked()?.editedSince, []);
    await redo(opened);
    assert.deepEqual(opened.asked()?.editedSince, []);
  });

  it('keep an edit that an undo overwrites in the safety checkpoint, to which redo returns', async () => {
    const opened = await threeVersions();
    await restore(opened, 'one');
    opened.workspace.write({ a: 'edited' });
    assert.deepEqual(await walk(opened, [() => undo(opened), () => redo(opened)]), ['644 a "three"', '644 a "edited"']);
  });

  it('leave the log alone when they are declined', async () => {
    const opened = await threeVersions();
    await restore(opened, 'one');
    const before = await opened.session.restores.read();
    opened.answers.confirm = false;
    assert.equal(await undo(opened), 'declined');
    assert.deepEqual(await opened.session.restores.read(), before);
  });

  it('forget what was undone when something else is restored', async () => {
    const opened = await threeVersions();
    await restore(opened, 'one');
    await undo(opened);
    await restore(opened, 'two');
    await assert.rejects(redo(opened), { reason: 'notFound' });
    await undo(opened);
    assert.equal(content(opened), '644 a "three"');
  });

  it('skip a step whose files are back already', async () => {
    const opened = await threeVersions();
    await restore(opened, 'two');
    await restore(opened, 'one');
    opened.workspace.write({ a: 'two' });
    assert.equal(await undo(opened), 'nothingToDo');
    assert.equal(await undo(opened), 'restored a');
    assert.equal(content(opened), '644 a "three"');
  });

  it('take back the revert of single files', async () => {
    const opened = await threeVersions();
    const target = await findCheckpoint(opened.session.stores, 'one');
    await revertFiles(opened.session, target, ['a'], opened.questions);
    assert.equal((await opened.session.restores.read())[0]?.kind, 'revert');
    await undo(opened);
    assert.equal(content(opened), '644 a "three"');
  });

  it('say which state is missing when its checkpoint was deleted', async () => {
    const opened = await threeVersions();
    opened.workspace.write({ a: 'unsaved' });
    await restore(opened, 'one');
    const safety = await findCheckpoint(opened.session.stores, '@latest');
    await deleteCheckpoints(opened.session.stores, [safety.checkpoint]);
    await assert.rejects(undo(opened), {
      reason: 'notFound',
      message: 'The checkpoint with the state to go back to was deleted.',
    });
    assert.equal(content(opened), '644 a "one"');
  });

  it('remember no more than the last hundred restores', async () => {
    const opened = await threeVersions();
    for (let count = 0; count < 101; count += 1) {
      await restore(opened, count % 2 === 0 ? 'one' : 'two');
    }
    assert.equal((await opened.session.restores.read()).length, 100);
  });
});

describe('an interrupted step', () => {
  const recover = async (opened: MemorySession, how: 'finish' | 'rollBack') => {
    opened.store.restorer.crashAfter = undefined;
    const found = await findInterruptedRestore(opened.session.stores);
    assert.ok(found);
    await recoverRestore(opened.session, found, how);
    assert.equal(await findInterruptedRestore(opened.session.stores), undefined);
  };
  const crashing = async (opened: MemorySession, step: Promise<string>) => {
    opened.store.restorer.crashAfter = 1;
    await assert.rejects(step, /killed/);
  };
  /** Two files, so that there is a half-way. */
  const opened = async (): Promise<MemorySession> => {
    const memory = openMemorySession();
    for (const word of ['one', 'two']) {
      memory.workspace.write({ a: word, b: word });
      await memory.create(word);
    }
    return memory;
  };

  it('that is a restore can be finished, and then be undone', async () => {
    const memory = await opened();
    await crashing(memory, restore(memory, 'one'));
    assert.equal(content(memory), '644 a "one"\n644 b "two"');
    await recover(memory, 'finish');
    assert.equal(content(memory), '644 a "one"\n644 b "one"');
    await undo(memory);
    assert.equal(content(memory), '644 a "two"\n644 b "two"');
  });

  it('that is a restore can be rolled back, and then there is nothing to undo', async () => {
    const memory = await opened();
    await crashing(memory, restore(memory, 'one'));
    await recover(memory, 'rollBack');
    assert.equal(content(memory), '644 a "two"\n644 b "two"');
    await assert.rejects(undo(memory), { reason: 'notFound' });
  });

  it('that is an undo can be rolled back, and then be undone again', async () => {
    const memory = await opened();
    await restore(memory, 'one');
    await crashing(memory, undo(memory));
    await recover(memory, 'rollBack');
    assert.equal(content(memory), '644 a "one"\n644 b "one"');
    await undo(memory);
    assert.equal(content(memory), '644 a "two"\n644 b "two"');
  });

  it('that is a redo can be rolled back, and then be redone', async () => {
    const memory = await opened();
    await restore(memory, 'one');
    await undo(memory);
    await crashing(memory, redo(memory));
    await recover(memory, 'rollBack');
    assert.equal(content(memory), '644 a "two"\n644 b "two"');
    await redo(memory);
    assert.equal(content(memory), '644 a "one"\n644 b "one"');
  });

  it('is none when every restore ended', async () => {
    const memory = await opened();
    await restore(memory, 'one');
    assert.equal(await findInterruptedRestore(memory.session.stores), undefined);
  });
});
