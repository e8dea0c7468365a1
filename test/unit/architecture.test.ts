import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, posix, resolve } from 'node:path';
import { describe, it } from 'mocha';

const SRC = resolve(import.meta.dirname, '../../src');

interface Layer {
  /** Folders under `src/` that it may import from, besides itself. */
  readonly layers: readonly string[];
  /** Modules from outside. A trailing `*` stands for any ending. */
  readonly modules: readonly string[];
  /** Only types may cross. */
  readonly typesOnly?: boolean;
}

const EVERYTHING = ['core', 'platform', 'backends', 'app', 'agent', 'mcp', 'cli', 'vscode', 'webview'];
const EVERYTHING_BUT_VS_CODE = EVERYTHING.filter((layer) => layer !== 'vscode' && layer !== 'webview');

/** Who may import whom. A folder that is not here is an error. */
const TABLE: Readonly<Record<string, Layer>> = {
  core: { layers: [], modules: [] },
  platform: { layers: ['core'], modules: ['node:*', 'execa'] },
  backends: { layers: ['core', 'platform'], modules: ['node:path', 'simple-git', 'zod'] },
  app: { layers: ['core'], modules: [] },
  agent: { layers: ['core', 'app'], modules: ['zod', 'jsonc-parser', 'smol-toml', 'yaml'] },
  vscode: { layers: ['core', 'app', 'agent'], modules: ['vscode'] },
  webview: { layers: ['core'], modules: [], typesOnly: true },
  mcp: { layers: EVERYTHING_BUT_VS_CODE, modules: ['node:*', '@modelcontextprotocol/*', 'zod'] },
  cli: { layers: EVERYTHING_BUT_VS_CODE, modules: ['node:*', 'commander', 'zod'] },
  'extension.ts': { layers: EVERYTHING, modules: ['vscode', 'node:path'] },
};

/** Within `platform`, the only file that starts processes. */
const PROCESS_RUNNER = 'platform/processRunner.ts';
const PROCESS_MODULES = ['execa', 'node:child_process'];

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Every `import … from`, `export … from`, bare `import '…'`, and dynamic `import('…')` or `require('…')`. */
function importsOf(source: string): Import[] {
  const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = /\b(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\sfrom\s*)?['"]([^'"]+)['"]/g;
  const calls = /\b(?:import|require)\s*\(\s*(?:['"`]([^'"`]*)['"`])?/g;
  return [
    ...[...code.matchAll(statements)].map((match) => ({ target: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...[...code.matchAll(calls)].map((match) => ({ target: match[1] ?? 'a computed module', typeOnly: false })),
  ];
}

/** `backends/incus/x.ts` belongs to the layer `backends`, `extension.ts` to itself. */
function layerOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function backendOf(file: string): string | undefined {
  return layerOf(file) === 'backends' ? file.split('/')[1] : undefined;
}

/** Why an import is not allowed, or undefined. */
function objection(file: string, { target, typeOnly }: Import): string | undefined {
  const layer = TABLE[layerOf(file)];
  if (layer === undefined) {
    return 'its folder is not in the table';
  }
  if (!target.startsWith('.')) {
    return moduleObjection(file, layer, target);
  }
  const imported = posix.normalize(posix.join(posix.dirname(file), target));
  if (layerOf(imported) === layerOf(file)) {
    return backendOf(imported) === backendOf(file) ? undefined : 'one backend never imports another';
  }
  if (!layer.layers.includes(layerOf(imported))) {
    return `${layerOf(file)} may not import ${layerOf(imported)}`;
  }
  return layer.typesOnly === true && !typeOnly ? 'only types may be imported' : undefined;
}

function moduleObjection(file: string, layer: Layer, target: string): string | undefined {
  if (PROCESS_MODULES.includes(target) && file !== PROCESS_RUNNER) {
    return `only ${PROCESS_RUNNER} starts processes`;
  }
  const allowed = layer.modules.some((name) =>
    name.endsWith('*') ? target.startsWith(name.slice(0, -1)) : target === name,
  );
  return allowed ? undefined : `${layerOf(file)} may not use this module`;
}

/** What is wrong with one source file, one line each. */
function objections(file: string, source: string): string[] {
  const found = importsOf(source).flatMap((each) => {
    const why = objection(file, each);
    return why === undefined ? [] : [`${file} imports ${each.target}: ${why}`];
  });
  if (TABLE[layerOf(file)] === undefined) {
    found.push(`${file}: its folder is not in the table`);
  }
  if (/^index\.\w+$/.test(basename(file))) {
    found.push(`${file}: no barrels`);
  }
  if (/^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m.test(source)) {
    found.push(`${file}: no default exports`);
  }
  return found;
}

describe('The architecture', () => {
  const files = globSync('**/*.{ts,mts,cts,tsx,js,mjs,cjs}', { cwd: SRC }).map((path) => path.replaceAll('\\', '/'));

  it('has source files to look at', () => {
    assert.ok(files.length > 10, `only ${files.length} files under ${SRC}`);
    assert.ok(files.some((file) => importsOf(readFileSync(resolve(SRC, file), 'utf8')).length > 0));
  });

  it('has no import, barrel or default export that the table forbids', () => {
    const found = files.flatMap((file) => objections(file, readFileSync(resolve(SRC, file), 'utf8')));
    assert.deepEqual(found, []);
  });

  it('is watched by a test that sees every kind of offence', () => {
    const offences: [file: string, source: string][] = [
      ['core/a.ts', `import { join } from 'node:path';`],
      ['core/a.ts', `import type { X } from '../app/x.ts';`],
      ['core/a.ts', `export * from '../platform/x.ts';`],
      ['core/a.ts', `import '../vscode/x.ts';`],
      ['app/a.ts', `const x = await import('../backends/shadowGit/x.ts');`],
      ['app/a.ts', `const x = require(name);`],
      ['backends/incus/a.ts', `import {\n  b,\n  type C,\n} from '../capsem/b.ts';`],
      ['backends/incus/a.ts', `import { readFile } from 'node:fs/promises';`],
      ['platform/files.ts', `import { spawn } from 'node:child_process';`],
      ['vscode/a.ts', `import * as path from 'node:path';`],
      ['cli/main.ts', `import { x } from '../vscode/x.ts';`],
      ['webview/a.ts', `import { x } from '../core/x.ts';`],
      ['extension.ts', `import fs from 'node:fs';`],
      ['helpers/a.ts', `export const x = 1;`],
      ['core/index.ts', ``],
      ['core/a.ts', `export default class {}`],
    ];
    const unseen = offences.filter(([file, source]) => objections(file, source).length === 0);
    assert.deepEqual(unseen, []);
  });

  it('leaves what the table allows alone', () => {
    const allowed = [
      ...objections('vscode/views/a.ts', `import * as vscode from 'vscode';\nimport { x } from '../../core/x.ts';`),
      ...objections('backends/incus/a.ts', `import { b } from './b.ts';\nimport { run } from '../../platform/run.ts';`),
      ...objections(PROCESS_RUNNER, `import { execa } from 'execa';\nimport { dirname } from 'node:path';`),
      ...objections('webview/a.ts', `import type { Change } from '../core/change.ts';`),
      ...objections('extension.ts', `import * as vscode from 'vscode';\nimport { x } from './backends/incus/x.ts';`),
    ];
    assert.deepEqual(allowed, []);
  });
});
