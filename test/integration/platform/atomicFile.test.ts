import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { readJson, readJsonLines, writeFileAtomic } from '../../../src/platform/atomicFile.ts';
import { renderFolder } from '../../support/folderTree.ts';

describe('Files of our own', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
  });

  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  it('are replaced as a whole, for their owner only, and leave nothing beside them', async () => {
    await writeFileAtomic(`${folder}/a`, 'old');
    await writeFileAtomic(`${folder}/a`, 'new');
    assert.equal(await renderFolder(folder), '600 a "new"');
  });

  it('leave nothing behind when they cannot be written', async () => {
    await fs.mkdir(`${folder}/a`);
    await assert.rejects(writeFileAtomic(`${folder}/a`, 'new'));
    assert.equal(await renderFolder(folder), '755 a/');
  });

  it('are read as far as they are JSON', async () => {
    await fs.writeFile(`${folder}/torn`, '{"a":1}\n{"b":2}\n{"c":');
    assert.deepEqual(
      [await readJsonLines(`${folder}/torn`), await readJsonLines(`${folder}/none`), await readJson(`${folder}/torn`)],
      [[{ a: 1 }, { b: 2 }], [], undefined],
    );
  });
});
