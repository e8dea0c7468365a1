import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { recordTurn } from '../../../src/agent/recordTurn.ts';
import type { TurnBook } from '../../../src/agent/turnBook.ts';
import { undoLastRestore } from '../../../src/app/undo.ts';
import { findLastTurn, undoAgentTurn } from '../../../src/app/undoAgentTurn.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { openMemorySession } from '../../support/memorySession.ts';

/** A folder in which an agent works: `turn` is one turn of it that writes these files. */
function openTurns() {
  const memory = openMemorySession();
  const { session, workspace, questions } = memory;
  let book: TurnBook = [];
  const tell = async (kind: 'turnStart' | 'turnEnd', prompt?: string): Promise<void> => {
    const event = { kind, session: 's', cwd: undefined, prompt, resumed: false };
    book = await recordTurn({ session, onProblem: (error) => assert.fail(String(error)) }, book, 'claude', event);
  };
  return {
    memory,
    turn: async (prompt: string, work: () => void) => {
      await tell('turnStart', prompt);
      work();
      await tell('turnEnd');
    },
    undo: async () => {
      const found = await findLastTurn(session);
      return found === undefined ? 'no turn' : (await undoAgentTurn(session, found, questions)).done;
    },
    files: () => workspace.render().replaceAll('644 ', '').replaceAll('\n', ' '),
  };
}

describe('Undoing the last turn of an agent', () => {
  it("takes back what the turn did and leaves the user's later edits to other files alone", async () => {
    const { memory, turn, undo, files } = openTurns();
    memory.workspace.write({ a: '1', b: '1', gone: '1' });
    await turn('work', () => {
      memory.workspace.write({ a: '2', made: '2' });
      memory.workspace.remove('gone');
    });
    memory.workspace.write({ b: 'by hand', mine: 'by hand' });
    assert.equal(await undo(), true);
    assert.equal(files(), 'a "1" b "by hand" gone "1" mine "by hand"');
    assert.deepEqual(memory.asked()?.editedSince, []);
    await undoLastRestore(memory.session, memory.questions);
    assert.equal(files(), 'a "2" b "by hand" made "2" mine "by hand"');
  });

  it('asks about files that were edited again, and keeps them when the answer is no', async () => {
    const { memory, turn, undo, files } = openTurns();
    memory.workspace.write({ a: '1', b: '1' });
    await turn('work', () => memory.workspace.write({ a: '2', b: '2' }));
    memory.workspace.write({ b: 'by hand' });
    memory.answers.confirm = false;
    assert.equal(await undo(), false);
    assert.deepEqual(memory.asked()?.editedSince, ['b']);
    assert.equal(files(), 'a "2" b "by hand"');
  });

  it('goes further back each time, and never undoes a turn twice', async () => {
    const { memory, turn, undo, files } = openTurns();
    memory.workspace.write({ a: '0' });
    await turn('one', () => memory.workspace.write({ a: '1' }));
    await turn('two', () => memory.workspace.write({ a: '2' }));
    await undo();
    assert.equal(files(), 'a "1"');
    await undo();
    assert.equal(files(), 'a "0"');
    await turn('three', () => memory.workspace.write({ a: '3' }));
    await undo();
    assert.equal(files(), 'a "0"');
    assert.equal(await undo(), 'no turn');
  });

  it('leaves files alone that the user put into a folder of the turn', async () => {
    const { memory, turn, undo, files } = openTurns();
    memory.workspace.write({ a: '1' });
    await turn('work', () => memory.workspace.write({ a: '2', empty: { folder: 0o755 } }));
    memory.workspace.write({ 'empty/mine': 'by hand' });
    await undo();
    assert.equal(files(), 'a "1" 755 empty/ empty/mine "by hand"');
  });

  it('has nothing to undo without a turn, or when the state before it was deleted', async () => {
    const { memory, turn, undo } = openTurns();
    memory.workspace.write({ a: '1' });
    assert.equal(await undo(), 'no turn');
    await turn('work', () => memory.workspace.write({ a: '2' }));
    await memory.create('mine', 'agent');
    const oldest = (await memory.store.list()).at(-1)?.id ?? '';
    await requireCapability(memory.store.capabilities.delete)([oldest]);
    assert.equal(await undo(), 'no turn');
  });
});
