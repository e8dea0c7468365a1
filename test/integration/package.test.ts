import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { packageExtension } from '../tools/packageExtension.ts';
import { runProcess } from '../tools/runProcess.ts';

/** A .vsix is a zip file; Python reads those everywhere. */
async function unzip(file: string, code: string): Promise<string> {
  const script = `import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n${code}`;
  const { output } = await runProcess('python3', ['-c', script, file]);
  return output;
}

describe('The package', function () {
  this.timeout(120_000);
  let folder: string;
  let marketplace: string;
  let openVsx: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    marketplace = await packageExtension({ file: join(folder, 'marketplace.vsix'), proposals: false });
    openVsx = await packageExtension({ file: join(folder, 'openvsx.vsix'), proposals: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the bundles, texts and pictures, and no sources, tests or maps', async () => {
    const names = (await unzip(marketplace, 'print("\\n".join(z.namelist()))')).trim().split('\n').toSorted();
    const pictures = names.filter((name) => /^extension\/media\/.+\.(svg|png|md)$/.test(name));
    assert.ok(pictures.length > 0);
    assert.deepEqual(
      names.filter((name) => !pictures.includes(name)),
      [
        '[Content_Types].xml',
        'extension.vsixmanifest',
        'extension/LICENSE.txt',
        'extension/changelog.md',
        'extension/dist/checkpoints.mjs',
        'extension/dist/extension.cjs',
        'extension/l10n/bundle.l10n.json',
        'extension/package.json',
        'extension/package.nls.json',
        'extension/readme.md',
      ],
    );
  });

  it('asks for the proposed timeline API only in the one for Open VSX', async () => {
    const read = 'import json\nprint(json.loads(z.read("extension/package.json")).get("enabledApiProposals"))';
    assert.deepEqual([await unzip(marketplace, read), await unzip(openVsx, read)], ['None\n', "['timeline']\n"]);
  });

  it('has no dependencies or scripts left, as the bundles hold all', async () => {
    const read =
      'import json\nm = json.loads(z.read("extension/package.json"))\nprint([k for k in m if "ependencies" in k or k == "scripts"])';
    assert.equal(await unzip(marketplace, read), '[]\n');
  });
});
