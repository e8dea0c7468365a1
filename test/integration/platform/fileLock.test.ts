import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { isCheckpointError } from '../../../src/core/error.ts';
import { acquireFileLock, inspectFileLock, LOCK_TIMING, type FileLock } from '../../../src/platform/fileLock.ts';
import { describeThisProcess, type LockOwner } from '../../../src/platform/lockOwner.ts';

const TIMING = { ...LOCK_TIMING, poll: 5, silence: 60_000, watch: 30 };
const PATIENT = { timeoutMs: 20_000, timing: TIMING };
const LONG_AGO = new Date(Date.now() - 3_600_000);

describe('A lock file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
    path = `${folder}/lock`;
  });

  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  async function leftBy(change: Partial<LockOwner>, heartbeat = new Date()): Promise<void> {
    await fs.writeFile(path, JSON.stringify({ ...(await describeThisProcess()), ...change }));
    await fs.utimes(path, heartbeat, heartbeat);
  }

  const tryOnce = (): Promise<FileLock> => acquireFileLock(path, { timeoutMs: 0, timing: TIMING });

  async function outcome(): Promise<string> {
    try {
      const lock = await tryOnce();
      await lock.assertHeld();
      await lock.release();
      return `taken, then ${(await fs.readdir(folder)).join(' ') || 'nothing left'}`;
    } catch (error) {
      return isCheckpointError(error) ? error.reason : String(error);
    }
  }

  it('excludes a second acquisition in the same process until it is released', async () => {
    const first = await tryOnce();
    assert.equal(await outcome(), 'busy');
    await first.release();
    assert.equal(await outcome(), 'taken, then nothing left');
  });

  it('tells who is waited for and stops waiting when it is cancelled', async () => {
    const first = await tryOnce();
    const cancel = new AbortController();
    const waitedFor: unknown[] = [];
    const second = acquireFileLock(path, {
      ...PATIENT,
      signal: cancel.signal,
      onWait: (owner) => {
        waitedFor.push(owner);
        cancel.abort();
      },
    });
    await assert.rejects(second, (error) => isCheckpointError(error, 'cancelled'));
    assert.deepEqual(waitedFor, [first.owner]);
    await first.release();
  });

  it('is taken over from an owner that is dead, and from none that may live', async () => {
    const cases: readonly [string, Partial<LockOwner>, Date, string][] = [
      ['this process', {}, LONG_AGO, 'busy'],
      ['a dead process', { pid: 2 ** 22 + 1 }, new Date(), 'taken, then nothing left'],
      ['a pid that was used again', { started: '1' }, new Date(), 'taken, then nothing left'],
      ['another boot', { boot: 'another' }, new Date(), 'taken, then nothing left'],
      ['another machine', { host: 'elsewhere x' }, new Date(), 'busy'],
    ];
    for (const [who, change, heartbeat, expected] of cases) {
      await leftBy(change, heartbeat);
      assert.equal(await outcome(), expected, who);
      await fs.rm(path, { force: true });
    }
  });

  it('is taken over from another machine that has long been silent, but only after watching it', async () => {
    await leftBy({ host: 'elsewhere x' }, LONG_AGO);
    assert.equal(await outcome(), 'busy');
    const lock = await acquireFileLock(path, PATIENT);
    await lock.assertHeld();
    await lock.release();
  });

  it('is taken over when it is empty and old, and waited for when it is empty and new', async () => {
    await fs.writeFile(path, '');
    assert.equal(await outcome(), 'busy');
    await fs.utimes(path, LONG_AGO, LONG_AGO);
    assert.equal((await inspectFileLock(path)).state, 'stale');
    assert.equal(await outcome(), 'taken, then nothing left');
    assert.equal((await inspectFileLock(path)).state, 'free');
  });

  it('is taken over from a process that died while it took it over', async () => {
    await leftBy({ pid: 2 ** 22 + 1, token: 'first' });
    const second = { ...(await describeThisProcess()), pid: 2 ** 22 + 2, token: 'second' };
    await fs.writeFile(`${path}.claim-first`, JSON.stringify(second));
    assert.equal(await outcome(), 'taken, then nothing left');
  });

  it('says when it is ours no longer, and then leaves the file of the new owner alone', async () => {
    const lock = await tryOnce();
    await leftBy({ token: 'other' });
    await assert.rejects(lock.assertHeld(), (error) => isCheckpointError(error, 'conflict'));
    await lock.release();
    assert.equal((await inspectFileLock(path)).state, 'held');
  });

  it('has one winner at a time among processes that race for a stale one, again and again', async () => {
    await leftBy({ pid: 2 ** 22 + 1 });
    await fs.writeFile(`${folder}/count`, '0');
    const contenders = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [new URL('lockContender.ts', import.meta.url).pathname, path, '15'], {
        stdio: 'inherit',
      }),
    );
    const codes = await Promise.all(contenders.map(async (child) => (await once(child, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0, 0]);
    assert.equal(await fs.readFile(`${folder}/count`, 'utf8'), '60');
    assert.deepEqual(await fs.readdir(folder), ['count']);
  });
});
