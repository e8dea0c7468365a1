import { join } from 'node:path';
import type { Disposable } from '../../../core/disposable.ts';
import type { Log } from '../../../platform/log.ts';
import type { LongProcess, ProcessRequest, ProcessResult, ProcessRunner } from '../../../platform/processRunner.ts';
import { makeFolder } from '../../../platform/dataFiles.ts';
import { createFolderOnce, ensureFile } from '../../../platform/repositoryFolder.ts';
import { ObjectReader } from './objectReader.ts';
import { STORE_ATTRIBUTES, STORE_ENVIRONMENT, storeConfig } from './storeConfig.ts';

/** What a git command on the store may be given beyond its arguments. */
export type StoreGitOptions = Omit<ProcessRequest, 'command' | 'args'>;

/** The bare repository that holds a workspace folder's checkpoints, with git under our configuration only. */
export interface ShadowRepository extends Disposable {
  readonly gitDir: string;
  readonly dataFolder: string;
  /** Real path of the workspace folder. */
  readonly workspace: string;
  readonly objects: ObjectReader;
  readonly runner: ProcessRunner;
  readonly log: Log;
  /** Runs a git command to its end; throws `commandFailed` unless its exit code is ok. */
  git(args: readonly string[], options?: StoreGitOptions): Promise<ProcessResult>;
  /** The standard output of a git command as it comes. */
  gitStream(args: readonly string[], options?: StoreGitOptions): AsyncIterable<Uint8Array>;
  /** A git command that is talked to while it runs. */
  gitStart(args: readonly string[], options?: StoreGitOptions): LongProcess;
}

export interface ShadowRepositoryOptions {
  readonly dataFolder: string;
  readonly workspace: string;
  readonly runner: ProcessRunner;
  readonly log: Log;
}

/** Opens the repository in `<dataFolder>/store.git`, and makes it when it is missing. */
export async function openShadowRepository(options: ShadowRepositoryOptions): Promise<ShadowRepository> {
  const gitDir = join(options.dataFolder, 'store.git');
  const files = {
    HEAD: 'ref: refs/heads/main\n',
    config: storeConfig(process.platform),
    'info/attributes': STORE_ATTRIBUTES,
  };
  const folders = ['info', 'objects/info', 'objects/pack', 'refs/heads'];
  await createFolderOnce(gitDir, { ...files, ...Object.fromEntries(folders.map((folder) => [`${folder}/`, ''])) });
  // Without any of these git takes the folder for no repository, and nobody could be told what else is missing.
  await Promise.all(folders.map((folder) => makeFolder(join(gitDir, folder))));
  await Promise.all(Object.entries(files).map(([name, text]) => ensureFile(join(gitDir, name), text)));
  return shadowRepository(options, gitDir);
}

/**
 * The same repository for reading, with the objects of another one beside its own. No command that writes may run on it:
 * git would renew the times of objects in the other one that it has need of.
 */
export function alsoReading(repository: ShadowRepository, objectFolder: string): ShadowRepository {
  const quoted = `"${objectFolder.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return shadowRepository(repository, repository.gitDir, { GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted });
}

function shadowRepository(
  options: ShadowRepositoryOptions,
  gitDir: string,
  environment: Readonly<Record<string, string>> = {},
): ShadowRepository {
  const { runner, dataFolder } = options;
  const request = (args: readonly string[], more: StoreGitOptions = {}): ProcessRequest => ({
    cwd: dataFolder,
    ...more,
    command: 'git',
    args: [`--git-dir=${gitDir}`, ...args],
    env: { ...STORE_ENVIRONMENT, ...environment, ...more.env },
  });
  const objects = new ObjectReader(() => runner.start(request(['cat-file', '--batch'])));
  return {
    ...options,
    gitDir,
    objects,
    git: (args, more) => runner.run(request(args, more)),
    gitStream: (args, more) => runner.stream(request(args, more)),
    gitStart: (args, more) => runner.start(request(args, more)),
    dispose: () => objects.dispose(),
  };
}
