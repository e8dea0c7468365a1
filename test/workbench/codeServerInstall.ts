import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE } from '../tools/paths.ts';

const run = promisify(execFile);

/** code-server from npm is VS Code itself, with its workbench in the browser; it needs this Node. */
const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

/** A VS Code server on disk. */
export interface CodeServerInstall {
  /** The folder of the npm package `code-server`. */
  readonly root: string;
  /** The Node that runs it. */
  readonly node: string;
}

/** Why no code-server can be installed here, or undefined. */
export function codeServerUnavailable(): string | undefined {
  const usable = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
  return usable
    ? undefined
    : `code-server from npm runs on Linux only, and this is ${process.platform} ${process.arch}`;
}

/** Installs code-server into the project's cache unless it is there. Takes a minute the first time. */
export async function installCodeServer(): Promise<CodeServerInstall> {
  const folder = join(CACHE, `code-server-${CODE_SERVER}`);
  if (!existsSync(folder)) {
    await buildFolder(folder, install);
  }
  return installIn(folder);
}

/**
 * A copy which treats proposed API as a stable desktop VS Code does: off, unless the extension was named at the start.
 * code-server itself switches every proposal on for every extension.
 */
export async function installStrictCodeServer(): Promise<CodeServerInstall> {
  const original = join(CACHE, `code-server-${CODE_SERVER}`);
  const folder = `${original}-strict`;
  await installCodeServer();
  if (!existsSync(folder)) {
    await buildFolder(folder, async (partial) => {
      await run('cp', ['-al', `${original}/.`, partial]);
      restoreProposedApiCheck(join(installIn(partial).root, 'lib/vscode/out/vs'));
    });
  }
  return installIn(folder);
}

function installIn(folder: string): CodeServerInstall {
  return {
    root: join(folder, 'node_modules/code-server'),
    node: join(folder, 'node_modules', nodePackage(), 'bin/node'),
  };
}

function nodePackage(): string {
  return `node-linux-${process.arch}`;
}

/** The folder appears only when it is complete, so that a run that was stopped, or two at a time, do no harm. */
async function buildFolder(folder: string, build: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${folder}-${process.pid}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    await build(partial);
    if (!existsSync(folder)) {
      renameSync(partial, folder);
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function install(folder: string): Promise<void> {
  const { root } = installIn(folder);
  const vscode = join(root, 'lib/vscode');
  const versions = { 'code-server': CODE_SERVER, [nodePackage()]: NODE };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
  say(`Installing VS Code (code-server ${CODE_SERVER}) into .vscode-test (once, about 800 MB): package`);
  await npm(folder, folder, ['install', '--ignore-scripts']);
  say('… its server');
  await npm(folder, vscode, ['install', '--omit=dev', '--ignore-scripts']);
  say('… its built-in extensions');
  await npm(folder, join(vscode, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
  say('… its native modules');
  await npm(folder, vscode, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog']).catch((error: unknown) => {
    // everything but output channels works without them
    say(`… which could not be built (are g++, make and python3 there?): ${String(error).split('\n')[0]}`);
  });
}

async function npm(folder: string, cwd: string, args: readonly string[]): Promise<void> {
  const node = join(folder, 'node_modules', nodePackage());
  await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    maxBuffer: 1 << 26,
    env: { ...process.env, PATH: `${node}/bin${delimiter}${process.env['PATH'] ?? ''}`, npm_config_nodedir: node },
  });
}

/** `function check(extension, proposal) { return true }`, followed by the function that throws when it says no. */
const ALWAYS_ALLOWED =
  /function ([\w$]+)\(([\w$]+),([\w$]+)\)\{return!0\}(?=function [\w$]+\([^)]*\)\{if\(!\1\([^)]*\)\)throw)/;

/** The constructor of the service that decides for which extensions proposals are on; its second argument is the environment. */
const ALL_EXTENSIONS =
  /(constructor\([\w$]+,([\w$]+),[\w$]+\)\{(?:(?!constructor)[^])*?this\._envEnablesProposedApiForAll=)!0/;

function restoreProposedApiCheck(out: string): void {
  const check = 'function $1($2,$3){return!!$2.enabledApiProposals&&$2.enabledApiProposals.includes($3)}';
  replaceIn(join(out, 'workbench/api/node/extensionHostProcess.js'), ALWAYS_ALLOWED, check);
  replaceIn(join(out, 'workbench/api/worker/extensionHostWorkerMain.js'), ALWAYS_ALLOWED, check);
  const workbench = join(out, 'code/browser/workbench/workbench.js');
  replaceIn(workbench, ALWAYS_ALLOWED, check);
  replaceIn(
    workbench,
    ALL_EXTENSIONS,
    '$1this._envEnabledExtensions.size===0&&Array.isArray($2.extensionEnabledProposedApi)',
  );
}

function replaceIn(file: string, pattern: RegExp, replacement: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(pattern, replacement);
  if (after === before) {
    throw new Error(`${file} is not what was expected: the check for proposed API is not there.`);
  }
  rmSync(file); // the copy shares its files with the original
  writeFileSync(file, after);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
