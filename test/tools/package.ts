// `node package.ts [--openvsx] [FILE]`: makes the extension's package from a fresh production build.
// With `--openvsx` it asks for the proposed API behind the Timeline rows: the Marketplace refuses that, Open VSX takes it.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from '../../esbuild.mjs';
import { readManifest } from './manifest.ts';
import { DIST, PROJECT } from './paths.ts';
import { exitOnSignals } from './runProcess.ts';

exitOnSignals();

const args = process.argv.slice(2);
const forOpenVsx = args.includes('--openvsx');
const manifest = readManifest();
const ownName = `snapshot-timeline-${String(manifest['version'])}${forOpenVsx ? '-openvsx' : ''}.vsix`;
const file = resolve(PROJECT, args.find((arg) => !arg.startsWith('--')) ?? ownName);

mkdirSync(DIST, { recursive: true });
const stage = mkdtempSync(join(DIST, 'stage-'));
process.once('exit', () => rmSync(stage, { recursive: true, force: true }));
await fillStage();
mkdirSync(dirname(file), { recursive: true });
await createVSIX({
  cwd: stage,
  packagePath: file,
  dependencies: false,
  allowMissingRepository: true,
  // without a repository there is nothing that pictures of the README could point to
  rewriteRelativeLinks: 'repository' in manifest,
});

/** What .vscodeignore lets through, with a manifest and bundles of its own. */
async function fillStage(): Promise<void> {
  const listed = await listFiles({ cwd: PROJECT, packageManager: PackageManager.None });
  for (const path of listed.filter((each) => !each.startsWith('dist/'))) {
    cpSync(join(PROJECT, path), join(stage, path));
  }
  cpSync(join(PROJECT, '.vscodeignore'), join(stage, '.vscodeignore'));
  writeFileSync(join(stage, 'package.json'), JSON.stringify(publishedManifest(), null, 2));
  await build({ production: true, folder: join(stage, 'dist') });
}

/** Without what only development needs; the dependencies are in the bundles. */
function publishedManifest(): object {
  const { scripts: _scripts, dependencies: _dependencies, devDependencies: _development, ...published } = manifest;
  return forOpenVsx ? { ...published, enabledApiProposals: ['timeline'] } : published;
}
