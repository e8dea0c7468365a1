import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { RestoreRecord } from '../../../src/core/restoreLog.ts';
import { type Log, silentLog } from '../../../src/platform/log.ts';
import { openRestoreLog } from '../../../src/platform/restoreLogFile.ts';

const record = (id: string, more: Partial<RestoreRecord> = {}): RestoreRecord => ({
  id,
  kind: 'restore',
  store: 'workspace',
  target: 't',
  targetLabel: 'by\uDCFFte',
  safety: 's',
  paths: ['a', 'new\nline', '\uDCFF'],
  doneAt: '2025-01-01T00:00:00.000Z',
  ...more,
});

describe('the log of restores on disk', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`);
  });

  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  it('is empty at first and keeps what it is told, odd bytes included, for everybody', async () => {
    const log = openRestoreLog(folder, silentLog);
    assert.deepEqual(await log.read(), []);
    const records = [record('a'), record('b', { kind: 'revert', undoneFrom: 'u' })];
    await log.update(() => records);
    assert.deepEqual(await openRestoreLog(folder, silentLog).read(), records);
    assert.equal((await fs.stat(`${folder}/restores.json`)).mode & 0o777, 0o600);
  });

  it('loses nothing when several change it at once', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
    await Promise.all(ids.map((id) => openRestoreLog(folder, silentLog).update((records) => [...records, record(id)])));
    const kept = (await openRestoreLog(folder, silentLog).read()).map(({ id }) => id);
    assert.deepEqual(kept.toSorted(), ids.toSorted());
    assert.deepEqual(await fs.readdir(folder), ['restores.json']);
  });

  it('puts a damaged file aside, says so once, and goes on', async () => {
    const damaged = [
      '',
      'x',
      'null',
      '{"format":2,"records":[]}',
      '{"format":1}',
      JSON.stringify({ format: 1, records: [{ ...record('a'), safety: 7 }] }),
      JSON.stringify({ format: 1, records: [record('a', { paths: [] })] }),
      JSON.stringify({ format: 1, records: [null] }),
    ];
    for (const text of damaged) {
      await fs.writeFile(`${folder}/restores.json`, text);
      const warnings: string[] = [];
      const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
      const restores = openRestoreLog(folder, log);
      assert.deepEqual([await restores.read(), await restores.read(), warnings.length], [[], [], 1], text);
      assert.equal(await fs.readFile(`${folder}/restores.json.corrupt`, 'utf8'), text);
      await restores.update(() => [record('new')]);
      assert.deepEqual(await restores.read(), [record('new')]);
    }
  });

  it('stays as it was when the change cannot be made', async () => {
    const log = openRestoreLog(folder, silentLog);
    await log.update(() => [record('a')]);
    await assert.rejects(
      log.update(() => {
        throw new Error('no');
      }),
      /no/,
    );
    await log.update((records) => [...records, record('b')]);
    assert.deepEqual(
      (await log.read()).map(({ id }) => id),
      ['a', 'b'],
    );
  });
});
