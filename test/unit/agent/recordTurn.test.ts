import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { HookAgent, HookEvent } from '../../../src/agent/hookEvent.ts';
import { recordTurn } from '../../../src/agent/recordTurn.ts';
import { rememberTurn, type TurnBook } from '../../../src/agent/turnBook.ts';
import { openSession } from '../../../src/app/workspaceSession.ts';
import { turnOfNote } from '../../../src/core/agentTurn.ts';
import { unavailable } from '../../../src/core/capabilities.ts';
import { NO_OTHER_STORES } from '../../../src/core/storeSource.ts';
import { memoryRestoreLog } from '../../support/inMemoryStore.ts';
import { openMemorySession } from '../../support/memorySession.ts';

/** A folder in which agents work. */
function openTurns() {
  const { session, store, workspace } = openMemorySession();
  let book: TurnBook = [];
  let edits = 0;
  const problems: string[] = [];
  return {
    store,
    problems,
    edit: (path = 'a.txt') => {
      edits += 1;
      workspace.write({ [path]: `${edits}` });
    },
    tell: async (kind: HookEvent['kind'], more: Partial<HookEvent> = {}, agent: HookAgent = 'claude', of = session) => {
      const event = { kind, session: 's1', cwd: '/folder', prompt: undefined, resumed: false, ...more };
      const onProblem = (error: unknown): void => void problems.push(String(error));
      book = await recordTurn({ session: of, onProblem }, book, agent, event);
    },
    /** Checkpoints, oldest first: `origin label`. */
    made: async () => (await store.list()).map(({ origin, label }) => `${origin} ${label}`).toReversed(),
  };
}

describe('The turns of an agent', () => {
  it('leave one checkpoint each, apart from what the user did in between', async () => {
    const { edit, tell, made, store } = openTurns();
    edit();
    await tell('turnStart', { prompt: 'fix the login form' });
    edit();
    edit('b.txt');
    await tell('turnEnd');
    edit('by-hand.txt');
    await tell('turnStart', { prompt: 'and test it' });
    edit();
    await tell('turnEnd');
    assert.deepEqual(await made(), [
      'auto before turn 1: fix the login form',
      'agent turn 1: fix the login form',
      'auto before turn 2: and test it',
      'agent turn 2: and test it',
    ]);
    const [newest, before] = await store.list();
    assert.deepEqual(turnOfNote(newest?.note ?? ''), {
      agent: 'claude',
      session: 's1',
      turn: 2,
      prompt: 'and test it',
      before: before?.id,
    });
  });

  it('leave nothing when they changed nothing, and need no checkpoint before when the user changed nothing', async () => {
    const { edit, tell, made } = openTurns();
    edit();
    await tell('turnStart', { prompt: 'explain' });
    await tell('turnEnd');
    await tell('turnStart', { prompt: 'change' });
    edit();
    await tell('turnEnd');
    await tell('turnStart', { prompt: 'change more' });
    edit();
    await tell('turnEnd');
    assert.deepEqual(await made(), [
      'auto before turn 1: explain',
      'agent turn 2: change',
      'agent turn 3: change more',
    ]);
  });

  it('are not multiplied by repeated ends, sub-agents and the end of the session', async () => {
    const { edit, tell, made } = openTurns();
    await tell('turnStart', { prompt: 'work' });
    edit();
    await tell('turnEnd', { session: 'sub-agent' });
    await tell('turnEnd', {}, 'codex');
    edit();
    await tell('turnEnd');
    edit('by-hand.txt');
    await tell('turnEnd');
    await tell('sessionEnd');
    assert.deepEqual(await made(), ['auto before turn 1: work', 'agent turn 1: work']);
  });

  it('keep what an agent did that another hook made go on', async () => {
    const { edit, tell, made } = openTurns();
    await tell('turnStart', { prompt: 'work' });
    edit();
    await tell('turnEnd');
    edit();
    await tell('turnEnd', { resumed: true });
    assert.deepEqual((await made()).slice(1), ['agent turn 1: work', 'agent turn 1: work']);
  });

  it('get their checkpoint late when nobody told their end', async () => {
    const { edit, tell, made } = openTurns();
    await tell('turnStart', { prompt: 'interrupted' });
    edit();
    await tell('turnStart', { prompt: 'again' });
    edit();
    await tell('sessionEnd');
    assert.deepEqual((await made()).slice(1), ['agent turn 1: interrupted', 'agent turn 2: again']);
  });

  it('of several sessions are told apart', async () => {
    const { edit, tell, made } = openTurns();
    await tell('turnStart', { session: 'a', prompt: 'one' });
    edit();
    await tell('turnEnd', { session: 'a' });
    await tell('turnStart', { session: 'b', prompt: 'two' }, 'codex');
    edit();
    await tell('turnEnd', { session: 'b' }, 'codex');
    assert.deepEqual((await made()).slice(1), ['agent turn 1: one', 'agent turn 1: two']);
  });

  it('have a short title and a note of one line a fact, whatever the prompt is', async () => {
    const { edit, tell, store } = openTurns();
    await tell('turnStart', { prompt: 'word '.repeat(100_000) });
    edit();
    await tell('turnEnd');
    await tell('turnStart', { prompt: 'two\nlines\nBefore: 666\u202E' });
    edit();
    await tell('turnEnd');
    await tell('turnStart', { prompt: ' \n ' });
    edit();
    await tell('turnEnd');
    const made = await store.list();
    assert.deepEqual(
      made.slice(0, 3).map(({ label }) => label),
      ['turn 3 of an agent', 'turn 2: two lines Before: 666', `turn 1: ${'word '.repeat(12).slice(0, 59)}…`],
    );
    const turns = made.slice(0, 3).map(({ note }) => turnOfNote(note));
    assert.deepEqual(
      turns.map((turn) => [turn?.prompt.length, turn?.before]),
      [
        [0, made[1]?.id],
        [21, made[2]?.id],
        [300, made[3]?.id],
      ],
    );
  });

  it('are caught up with when a checkpoint could not be made', async () => {
    const { edit, tell, made, store, problems } = openTurns();
    const cannot = { create: unavailable('The disk is full.') };
    const failing = openSession({
      folder: '/folder',
      files: {
        info: store.info,
        onDidChange: store.onDidChange,
        list: () => store.list(),
        dispose: () => undefined,
        capabilities: { ...store.capabilities, ...cannot },
      },
      others: NO_OTHER_STORES,
      restores: memoryRestoreLog(),
    });
    await tell('turnStart', { prompt: 'work' }, 'claude', failing);
    edit();
    await tell('turnEnd', {}, 'claude', failing);
    await tell('turnStart', { prompt: 'more' });
    assert.deepEqual(await made(), ['agent turn 1: work']);
    assert.equal(problems.length, 2);
  });

  it('are remembered for the last fifty sessions', () => {
    const turn = { agent: 'claude', turn: 1, prompt: '', isOpen: false };
    let book: TurnBook = [];
    for (let index = 0; index < 60; index += 1) {
      book = rememberTurn(book, { ...turn, session: `s${index}` });
      book = rememberTurn(book, { ...turn, session: 's0' });
    }
    assert.deepEqual([book.length, book.at(-1)?.session, book[0]?.session], [50, 's0', 's11']);
  });
});

describe('The note of a turn', () => {
  it('is only read from notes that have the facts', () => {
    assert.deepEqual(
      ['', 'Agent: x', 'Agent: x\nSession: y\nTurn: 0', 'Agent: x\nSession: y\nTurn: many', 'just a note: yes'].map(
        turnOfNote,
      ),
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
