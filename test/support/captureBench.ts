import { promises as fs } from 'node:fs';
import { openDataFolder } from '../../src/platform/dataFolder.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Log } from '../../src/platform/log.ts';
import { createProcessRunner } from '../../src/platform/processRunner.ts';
import { Capturer } from '../../src/backends/shadowGit/capture/capture.ts';
import type { CaptureRequest, CaptureSettings, CapturedState } from '../../src/backends/shadowGit/capture/capture.ts';
import { openShadowRepository } from '../../src/backends/shadowGit/git/shadowRepository.ts';
import type { ShadowRepository } from '../../src/backends/shadowGit/git/shadowRepository.ts';
import { readState } from '../../src/backends/shadowGit/state/stateTree.ts';
import { renderContent } from './folderTree.ts';
import { makeGitSandbox } from './gitSandbox.ts';
import type { GitSandbox } from './gitSandbox.ts';

/** A workspace in a sandbox with a capturer on it. */
export interface CaptureBench {
  readonly sandbox: GitSandbox;
  readonly workspace: string;
  readonly repository: ShadowRepository;
  readonly settings: { maxUntrackedFileSize: number; excludes: string[] };
  /** What was logged, but for debug messages. */
  readonly messages: string[];
  capture(request?: CaptureRequest): Promise<CapturedState>;
  /** Runs git on the store. */
  store(...args: string[]): Promise<string>;
  dispose(): Promise<void>;
}

/** Files count as settled soon after they were written, so that the kept index is trusted as it is after some seconds. */
export const settledClock: Clock = { now: () => new Date(Date.now() + 60_000) };

export async function makeCaptureBench(
  options: { workspace?: string; sandbox?: GitSandbox; clock?: Clock; dataHome?: string } = {},
): Promise<CaptureBench> {
  const sandbox = options.sandbox ?? (await makeGitSandbox());
  const workspace = options.workspace ?? sandbox.workspace;
  await fs.mkdir(workspace, { recursive: true });
  const data = await openDataFolder(workspace, options.dataHome ?? sandbox.dataHome, new Date());
  const messages: string[] = [];
  const repository = await openShadowRepository({ ...data, runner: createProcessRunner(), log: logInto(messages) });
  const settings = { maxUntrackedFileSize: 10 << 20, excludes: [] } satisfies CaptureSettings;
  const capturer = new Capturer(repository, () => settings, options.clock);
  return {
    sandbox,
    workspace: data.workspace,
    repository,
    settings,
    messages,
    capture: (request = {}) => capturer.capture(request),
    store: async (...args) => (await repository.git(args)).stdout.toString('utf8'),
    async dispose() {
      repository.dispose();
      await sandbox.dispose();
    },
  };
}

function logInto(messages: string[]): Log {
  const add = (message: string): void => void messages.push(message);
  return { debug: () => undefined, info: add, warn: add, error: add };
}

/** A captured state as text, one line per path: permission bits, path, content; then the empty folders and skipped paths. */
export async function renderState(repository: ShadowRepository, root: string): Promise<string> {
  const { workspaceTree, extras } = await readState(repository.objects, root);
  const lines: string[] = [];
  const walk = async (tree: string, prefix: string): Promise<void> => {
    for (const { name, mode, id } of await repository.objects.tree(tree)) {
      const path = `${prefix}${name}`;
      if (mode === '40000') {
        await walk(id, `${path}/`);
      } else if (mode === '120000') {
        lines.push(`link ${path} -> ${(await repository.objects.blob(id)).toString('utf8')}`);
      } else {
        const usual = mode === '100755' ? extras.defaults.executable : extras.defaults.file;
        const permissions = (extras.modes.get(path) ?? usual).toString(8);
        lines.push(`${permissions} ${path} ${renderContent(await repository.objects.blob(id))}`);
      }
    }
  };
  await walk(workspaceTree, '');
  const folders = [...extras.folderModes].map(([path, mode]) => `${mode.toString(8)} ${path}/`);
  const empty = [...extras.emptyFolders].map(([path, mode]) => `${mode.toString(8)} ${path}/ (empty)`);
  const skipped = extras.skipped.map(({ path, reason }) => `skipped ${path} (${reason})`);
  return [...lines, ...folders.toSorted(), ...empty.toSorted(), ...skipped.toSorted()].join('\n');
}
