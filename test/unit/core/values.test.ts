import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { available, requireCapability, unavailable } from '../../../src/core/capabilities.ts';
import { countChanges, type Entry, sameEntry } from '../../../src/core/change.ts';
import { COMPLETE, coverageKind } from '../../../src/core/coverage.ts';
import { CheckpointError, isCheckpointError, throwIfCancelled } from '../../../src/core/error.ts';
import { Emitter } from '../../../src/core/event.ts';

describe('changes', () => {
  it('are counted by kind', () => {
    const kinds = ['added', 'deleted', 'added', 'modified'] as const;
    assert.deepEqual(countChanges(kinds.map((kind) => ({ kind }))), { added: 2, modified: 1, deleted: 1 });
  });

  it('see type, permission bits and content, but not the size', () => {
    const entry: Entry = { type: 'file', mode: 0o644, content: 'x' };
    const others: (Entry | undefined)[] = [
      { ...entry, size: 5 },
      { ...entry, type: 'symlink' },
      { ...entry, mode: 0o755 },
      { ...entry, content: 'y' },
      undefined,
    ];
    assert.deepEqual(
      others.map((other) => sameEntry(entry, other)),
      [true, false, false, false, false],
    );
    assert.equal(sameEntry(undefined, undefined), true);
  });
});

describe('coverage', () => {
  it('is partial as soon as one path was skipped', () => {
    const partial = { skipped: [{ path: 'a', reason: 'tooLarge' }] } as const;
    assert.deepEqual([coverageKind(COMPLETE), coverageKind(partial)], ['complete', 'partial']);
  });
});

describe('a capability', () => {
  it('gives its operation, or throws its reason', () => {
    assert.equal(requireCapability(available(42)), 42);
    assert.throws(() => requireCapability(unavailable('Because.')), { reason: 'unsupported', message: 'Because.' });
  });
});

describe('an error', () => {
  it('is known by its reason and keeps hint, details and cause', () => {
    const cause = new Error('below');
    const error = new CheckpointError('busy', 'It is in use.', { hint: 'Wait.', details: { pid: 1 }, cause });
    assert.deepEqual(
      [
        isCheckpointError(error),
        isCheckpointError(error, 'busy'),
        isCheckpointError(error, 'corrupt'),
        isCheckpointError(cause),
      ],
      [true, true, false, false],
    );
    assert.deepEqual([error.hint, error.details, error.cause], ['Wait.', { pid: 1 }, cause]);
  });

  it('is thrown for a raised signal only', () => {
    throwIfCancelled(undefined);
    throwIfCancelled(new AbortController().signal);
    assert.throws(() => throwIfCancelled(AbortSignal.abort()), { reason: 'cancelled' });
  });
});

describe('an event', () => {
  it('reaches every listener, also when one throws, and none that was removed', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    emitter.event(() => {
      throw new Error('broken listener');
    });
    const removed = emitter.event((value) => heard.push(`removed ${value}`));
    emitter.event((value) => heard.push(`second ${value}`));
    removed.dispose();
    removed.dispose();
    assert.throws(() => emitter.fire(1), /broken listener/);
    emitter.dispose();
    emitter.fire(2);
    assert.deepEqual(heard, ['second 1']);
  });

  it('counts one listener that is registered twice as two', () => {
    const emitter = new Emitter<void>();
    let heard = 0;
    const listener = (): void => {
      heard += 1;
    };
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire();
    first.dispose();
    emitter.fire();
    assert.equal(heard, 3);
  });
});
