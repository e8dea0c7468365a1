import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { packageExtension } from '../tools/packageExtension.ts';
import { readZip } from '../tools/readZip.ts';

type Files = ReadonlyMap<string, Buffer>;

describe('The package', function () {
  this.timeout(120_000);
  let folder: string;
  let marketplace: Files;
  let openVsx: Files;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    marketplace = readZip(await packageExtension(join(folder, 'marketplace.vsix')));
    openVsx = readZip(await packageExtension(join(folder, 'openvsx.vsix'), '--openvsx'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function manifest(files: Files): Record<string, unknown> {
    return JSON.parse(String(files.get('extension/package.json'))) as Record<string, unknown>;
  }

  it('holds the bundles, texts and pictures, and no sources, tests or maps', () => {
    const pictures = /^extension\/media\/.+\.(svg|png|md)$/;
    assert.deepEqual([...marketplace.keys()].filter((name) => !pictures.test(name)).toSorted(), [
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
    ]);
  });

  it('needs nothing at run time that is not in it, in Node.js or in VS Code', () => {
    const bundle = String(marketplace.get('extension/dist/extension.cjs'));
    const names = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
    assert.ok(names.includes('vscode') && names.includes('node:fs'));
    assert.deepEqual(
      names.filter((name) => name !== 'vscode' && !isBuiltin(name)),
      [],
    );
  });

  it('leaves the pictures of the documentation out', () => {
    assert.deepEqual(
      [...marketplace.keys()].filter((name) => name.startsWith('extension/media/screenshots/')),
      [],
    );
  });

  it('asks for the proposed timeline API only in the one for Open VSX', () => {
    assert.deepEqual(
      [manifest(marketplace)['enabledApiProposals'], manifest(openVsx)['enabledApiProposals']],
      [undefined, ['timeline']],
    );
  });

  it('names no dependencies or scripts, as the bundles hold all', () => {
    const keys = Object.keys(manifest(marketplace));
    assert.deepEqual(
      keys.filter((key) => /dependencies|^scripts$/i.test(key)),
      [],
    );
  });
});
