// Bundles the product, and with `--tests` the tests that run within VS Code's extension host.
import { chmodSync, existsSync, globSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';

const PROJECT = import.meta.dirname;

const COMMON = {
  absWorkingDir: PROJECT,
  bundle: true,
  platform: 'node',
  target: 'node22',
  legalComments: 'none',
  logLevel: 'warning',
  // its main file asks for others in a way that cannot be bundled
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};

const EXTENSION = {
  entryPoints: ['src/extension.ts'],
  outfile: 'extension.cjs',
  format: 'cjs',
  external: ['vscode'],
};

const COMMAND_LINE = {
  entryPoints: ['src/cli/main.ts'],
  outfile: 'checkpoints.mjs',
  format: 'esm',
  banner: {
    // dependencies in CommonJS call `require`, which a module does not have
    js: `#!/usr/bin/env node
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);`,
  },
};

/** Builds into `folder`. `production` is small and has no source maps. */
export async function build({ production = false, folder = join(PROJECT, 'dist') } = {}) {
  const mode = { minify: production, sourcemap: !production };
  await Promise.all(
    [EXTENSION, COMMAND_LINE].map(async (product) => {
      const [source] = product.entryPoints;
      if (!existsSync(join(PROJECT, source))) {
        console.error(`${source} does not exist yet: ${product.outfile} is not built.`);
        return;
      }
      const outfile = join(folder, product.outfile);
      rmSync(`${outfile}.map`, { force: true });
      await bundle({ ...COMMON, ...mode, ...product, outfile });
      chmodSync(outfile, product === COMMAND_LINE ? 0o755 : 0o644);
    }),
  );
}

/** Builds the host tests into `folder`, each file on its own. */
export async function buildHostTests(folder = join(PROJECT, 'dist/test/host')) {
  rmSync(folder, { recursive: true, force: true });
  await bundle({
    ...COMMON,
    entryPoints: globSync('test/host/*.ts', { cwd: PROJECT }).map((path) => ({
      in: path,
      out: basename(path, '.ts'),
    })),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    sourcemap: true,
    external: ['vscode', 'mocha'],
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await build({ production: process.argv.includes('--production') });
    if (process.argv.includes('--tests')) {
      await buildHostTests();
    }
  } catch {
    process.exitCode = 1; // esbuild has printed why
  }
}
