import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from '../../esbuild.mjs';
import { DIST, PROJECT } from './paths.ts';

export interface PackageOptions {
  /** Where the .vsix goes. */
  readonly file: string;
  /** Ask for the proposed API behind the Timeline rows. The Marketplace refuses such a package, Open VSX takes it. */
  readonly proposals: boolean;
}

/** Makes the extension's package from a fresh production build. Resolves to its path. */
export async function packageExtension({ file, proposals }: PackageOptions): Promise<string> {
  mkdirSync(dirname(file), { recursive: true });
  mkdirSync(DIST, { recursive: true });
  const stage = mkdtempSync(join(DIST, 'stage-'));
  try {
    const files = await listFiles({ cwd: PROJECT, packageManager: PackageManager.None });
    for (const each of files.filter((path) => !path.startsWith('dist/') && path !== 'package.json')) {
      cpSync(join(PROJECT, each), join(stage, each), { recursive: true });
    }
    writeFileSync(join(stage, 'package.json'), JSON.stringify(publishedManifest(proposals), null, 2));
    cpSync(join(PROJECT, '.vscodeignore'), join(stage, '.vscodeignore'));
    await build({ production: true, folder: join(stage, 'dist') });
    await createVSIX({ cwd: stage, packagePath: file, dependencies: false, allowMissingRepository: true });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return file;
}

/** Without what only development needs; the dependencies are in the bundles. */
function publishedManifest(proposals: boolean): object {
  const manifest = readManifest();
  const { scripts: _scripts, dependencies: _dependencies, devDependencies: _development, ...published } = manifest;
  return proposals ? { ...published, enabledApiProposals: ['timeline'] } : published;
}

/** The manifest as it is in the repository. */
export function readManifest(): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Record<string, unknown>;
}
