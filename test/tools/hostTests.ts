// `node hostTests.ts FOLDER [--stock]`: runs the built host tests of FOLDER in VS Code's extension host. With `--stock`,
// proposed API is off as in a VS Code that nobody has configured. Results go to the file named by TEST_RESULTS.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from '@vscode/test-electron';
import { codeServerUnavailable } from '../workbench/codeServerInstall.ts';
import { readManifest } from './manifest.ts';
import { CACHE, DIST, PROJECT } from './paths.ts';
import { exitOnSignals } from './runProcess.ts';

exitOnSignals();
const [tests = join(DIST, 'test/host')] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const folder = mkdtempSync(join(tmpdir(), 'vs-'));
const proposals = process.argv.includes('--stock') ? [] : ['--enable-proposed-api', extensionId()];
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
try {
  await runTests({
    vscodeExecutablePath: await findVsCode(),
    extensionDevelopmentPath: PROJECT,
    extensionTestsPath: join(tests, 'index.cjs'),
    launchArgs: [mkdtempSync(join(folder, 'workspace-')), ...proposals, `--user-data-dir=${join(folder, 'u')}`],
  });
} catch (error) {
  if (!(error instanceof TestRunFailedError)) {
    throw error;
  }
  process.exitCode = 1;
}

function extensionId(): string {
  const manifest = readManifest();
  return `${String(manifest['publisher'])}.${String(manifest['name'])}`;
}

/** The one named by VSCODE_EXECUTABLE, else a downloaded one, else code-server under VS Code's command line. */
async function findVsCode(): Promise<string> {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named !== undefined) {
    return named;
  }
  const shim = join(import.meta.dirname, '../workbench/codeShim.ts');
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined;
  if (codeServerUnavailable() === undefined && !(hasDisplay && (await downloadIsReachable()))) {
    return shim;
  }
  return downloadAndUnzipVSCode({ cachePath: CACHE });
}

async function downloadIsReachable(): Promise<boolean> {
  const releases = 'https://update.code.visualstudio.com/api/releases/stable';
  return fetch(releases, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );
}
