import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DEFAULT_RETENTION } from '../../../src/core/retention.ts';
import { readRetention, writeRetention } from '../../../src/platform/retentionFile.ts';

describe('The rules of retention on disk', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'retention-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('are the defaults until some were written, and come back as written', async () => {
    assert.deepEqual(await readRetention(folder), DEFAULT_RETENTION);
    const rules = { ...DEFAULT_RETENTION, newest: 7, maxCount: Infinity, maxBytes: 0 };
    await writeRetention(folder, rules);
    assert.deepEqual(await readRetention(folder), rules);
  });

  it('are as by default where the file makes no sense', async () => {
    for (const text of ['', '[]', '3', 'null', '{"newest":-1,"all":"x","weekly":{}}']) {
      writeFileSync(join(folder, 'retention.json'), text);
      assert.deepEqual(await readRetention(folder), DEFAULT_RETENTION, text);
    }
  });
});
