import { join } from 'node:path';
import { factsOf } from '../../platform/dataFiles.ts';
import { sha256Hex } from '../../platform/hash.ts';
import { pathFromBytes, pathToBytes } from '../../platform/pathBytes.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { parseRawDiffs, RAW_DIFF, type RawDiff } from '../../platform/rawDiff.ts';
import type { OperationContext } from '../../core/operationContext.ts';

/** docker-agent's repository of captures for a work tree: `<data folder>/snapshot/<key>`. It is only ever read. */
export interface SnapshotRepository {
  readonly gitDir: string;
  readonly objectFolder: string;
  readonly indexFile: string;
  /** The workspace folder relative to the top of the work tree; empty when it is the top. */
  readonly prefix: string;
}

const KEY_LENGTH = 32;
const TIMEOUT_MS = 120_000;

/** Nothing but reading, under no configuration but the repository's own. */
const READ_ONLY = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Name of the repository of a work tree: the first 32 hex digits of SHA-256 over its top as git prints it. */
export function snapshotKey(top: string): string {
  return sha256Hex(pathToBytes(top)).slice(0, KEY_LENGTH);
}

/** The repositories of a folder (a real path) in these data folders; none outside of git, where docker-agent does nothing. */
export async function findSnapshotRepositories(
  runner: ProcessRunner,
  workspace: string,
  dataFolders: readonly string[],
): Promise<readonly SnapshotRepository[]> {
  // Most machines have no docker-agent, and then git need not be asked.
  const used = await Promise.all(
    dataFolders.map(async (folder) => (await factsOf(join(folder, 'snapshot'))) !== undefined),
  );
  const top = used.includes(true) ? await topOf(runner, workspace) : undefined;
  if (top === undefined) {
    return [];
  }
  const found = dataFolders.map(async (dataFolder): Promise<SnapshotRepository[]> => {
    const gitDir = join(dataFolder, 'snapshot', snapshotKey(top));
    return (await factsOf(join(gitDir, 'HEAD'))) === undefined
      ? []
      : [
          {
            gitDir,
            objectFolder: join(gitDir, 'objects'),
            indexFile: join(gitDir, 'index'),
            prefix: workspace.slice(top.length).replace(/^\//, ''),
          },
        ];
  });
  return (await Promise.all(found)).flat();
}

/** Undefined also where git is missing or refuses the folder: no capture can have been made there. */
async function topOf(runner: ProcessRunner, workspace: string): Promise<string | undefined> {
  const request = { command: 'git', args: ['rev-parse', '--show-toplevel'], cwd: workspace, timeoutMs: TIMEOUT_MS };
  const answer = await runner.run({ ...request, env: { GIT_OPTIONAL_LOCKS: '0' } }).catch(() => undefined);
  const top = answer && pathFromBytes(answer.stdout).replace(/\n$/, '');
  return top !== undefined && (workspace === top || workspace.startsWith(`${top}/`)) ? top : undefined;
}

/** Reads one repository of captures. */
export class SnapshotReader {
  readonly #runner: ProcessRunner;
  readonly #gitDir: string;

  constructor(runner: ProcessRunner, { gitDir }: Pick<SnapshotRepository, 'gitDir'>) {
    this.#runner = runner;
    this.#gitDir = gitDir;
  }

  /** Ids of all trees, whether anything refers to them or not. */
  async trees(context?: OperationContext): Promise<readonly string[]> {
    const args = ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)'];
    const { stdout } = await this.#git(args, undefined, context);
    const lines = stdout.toString('latin1').split('\n');
    return lines.flatMap((line) => (line.startsWith('tree ') ? [line.slice('tree '.length)] : []));
  }

  /** What each pair of trees does not have in common; pairs of which git has lost one are missing. */
  async compare(
    pairs: readonly (readonly [from: string, to: string])[],
    depth: 'oneLevel' | 'everything',
    context?: OperationContext,
  ): Promise<readonly RawDiff[]> {
    if (pairs.length === 0) {
      return [];
    }
    const lines = pairs.map(([from, to]) => `${from} ${to}\n`).join('');
    const args = [...RAW_DIFF, ...(depth === 'everything' ? ['-r'] : [])];
    return parseRawDiffs((await this.#git(args, Buffer.from(lines), context)).stdout);
  }

  #git(args: readonly string[], stdin: Buffer | undefined, context?: OperationContext) {
    return this.#runner.run({
      command: 'git',
      args: [`--git-dir=${this.#gitDir}`, ...args],
      cwd: this.#gitDir,
      env: READ_ONLY,
      timeoutMs: TIMEOUT_MS,
      ...(stdin === undefined ? {} : { stdin }),
      ...(context?.signal === undefined ? {} : { signal: context.signal }),
    });
  }
}
