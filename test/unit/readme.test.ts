import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../tools/paths.ts';
import { currentReadme, renderReadme } from '../tools/readmeTables.ts';

describe('the README', () => {
  it('has the tables that the manifest and the command line give', () => {
    const { present, wanted } = currentReadme();
    assert.equal(present, wanted, 'run "npm run docs"');
  });

  it('replaces what stands between the markers and nothing else', () => {
    const text = 'a\n<!-- table: x -->\nold\n<!-- end of table -->\nb\n';
    assert.equal(renderReadme(text, { x: 'new' }), 'a\n<!-- table: x -->\nnew\n<!-- end of table -->\nb\n');
    assert.throws(() => renderReadme(text, { y: 'new' }), /no place for the table "y"/);
  });

  it('names only files that are there', () => {
    const { present } = currentReadme();
    const links = [...present.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? '');
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !existsSync(join(PROJECT, link))),
      [],
    );
  });
});
