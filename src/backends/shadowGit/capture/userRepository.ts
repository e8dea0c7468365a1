import { simpleGit } from 'simple-git';
import type { SimpleGit } from 'simple-git';
import { pathToBytes } from '../../../platform/pathBytes.ts';
import { scrubbedEnvironment } from '../../../platform/processRunner.ts';
import type { ProcessRunner } from '../../../platform/processRunner.ts';
import { splitPaths } from '../git/pathList.ts';

/** What there is to know about the repository that a workspace folder lies in. It is only ever read. */
export interface UserRepository {
  readonly top: string;
  /** The workspace folder relative to the top: empty, or ending with a slash. */
  readonly prefix: string;
  readonly gitDir: string;
  readonly indexFile: string;
  readonly excludeFile: string;
  readonly attributesFile: string;
  readonly objectFolder: string;
  readonly objectFormat: string;
}

/** Nothing that the repository's configuration names may run, and nothing in it may be written. */
const SAFE_CONFIGURATION = ['core.fsmonitor=false', 'core.hooksPath=/dev/null'];
const READ_ONLY = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
/** All that git needs to find itself and the user's configuration. */
const INHERITED = /^(?:PATH|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|SYSTEMROOT|XDG_CONFIG_HOME|TMPDIR|TEMP|TMP)$/i;

/** Lines of the answer of `findUserRepository`; at the top of the work tree the last, the prefix, is empty and left out. */
const QUESTIONS = 7;
type Answers = [string, string, string, string, string, string, string, string?];

/** Undefined where there is no repository, or one that git refuses: the folder is then a plain one. */
export async function findUserRepository(workspace: string): Promise<UserRepository | undefined> {
  const questions = [
    ...['--path-format=absolute', '--show-toplevel', '--git-dir', '--git-path', 'index', '--git-path', 'info/exclude'],
    ...['--git-path', 'info/attributes', '--git-path', 'objects', '--show-object-format', '--show-prefix'],
  ];
  const answer = await userGit(workspace)
    .revparse(questions)
    .catch(() => '');
  const lines = answer.split('\n');
  // A path with a line break, or one that is not UTF-8, cannot be told apart here.
  if (lines.length < QUESTIONS || lines.length > QUESTIONS + 1 || answer.includes('\uFFFD')) {
    return undefined;
  }
  const [top, gitDir, indexFile, excludeFile, attributesFile, objectFolder, objectFormat, prefix] = lines as Answers;
  return { top, gitDir, indexFile, excludeFile, attributesFile, objectFolder, objectFormat, prefix: prefix ?? '' };
}

/** Files that the user's configuration names; undefined where it names none. */
export interface ConfiguredFiles {
  readonly excludes: string | undefined;
  readonly attributes: string | undefined;
}

export async function configuredFiles(folder: string): Promise<ConfiguredFiles> {
  const keys = await configuration(folder, ['core\\.excludesfile', 'core\\.attributesfile'], ['--type=path']);
  return { excludes: keys.get('core.excludesfile'), attributes: keys.get('core.attributesfile') };
}

/** Configuration keys that match these expressions, as git sees them in this folder, with their last values. */
async function configuration(
  folder: string,
  expressions: readonly string[],
  options: readonly string[] = [],
): Promise<Map<string, string>> {
  // Every repository has the last one. An answer without any line would be waited for much longer.
  const wanted = `^(${[...expressions, 'core\\.repositoryformatversion'].join('|')})$`;
  const answer = await userGit(folder)
    .raw(['config', '--null', ...options, '--get-regexp', wanted])
    .catch(() => '');
  const lines = answer.split('\0').slice(0, -1);
  return new Map(lines.map((line) => [line.split('\n', 1)[0] ?? '', line.slice(line.indexOf('\n') + 1)]));
}

/** The tree of the commit that is checked out; undefined before the first commit. */
export async function headTree(repository: UserRepository): Promise<string | undefined> {
  const id = await userGit(repository.top)
    .revparse(['--verify', '--quiet', 'HEAD^{tree}'])
    .catch(() => '');
  return /^[0-9a-f]{40}$/.test(id) ? id : undefined;
}

/** Whether objects of the repository may be missing because they are fetched only when they are needed. */
export async function isPartialClone(repository: UserRepository): Promise<boolean> {
  const keys = await configuration(repository.top, ['remote\\..*\\.promisor', 'extensions\\.partialclone']);
  return [...keys.keys()].some((key) => !key.startsWith('core.'));
}

/** Files that are tracked although a rule ignores them, relative to the workspace. */
export function trackedIgnored(runner: ProcessRunner, workspace: string): Promise<string[]> {
  return trackedPaths(runner, workspace, ['-ci', '--exclude-standard']);
}

/** Which of these files are tracked. */
export function trackedAmong(runner: ProcessRunner, workspace: string, paths: readonly string[]): Promise<string[]> {
  return trackedPaths(runner, workspace, ['--', ...paths]);
}

async function trackedPaths(runner: ProcessRunner, workspace: string, args: readonly string[]): Promise<string[]> {
  const result = await runner.run({
    command: 'git',
    args: [...SAFE_CONFIGURATION.flatMap((setting) => ['-c', setting]), 'ls-files', '-z', ...args],
    cwd: workspace,
    env: { ...READ_ONLY, GIT_LITERAL_PATHSPECS: '1' },
  });
  return splitPaths(result.stdout);
}

/** For each path: which of these attributes have a value, as git in the user's repository sees it. */
export async function attributedPaths(
  runner: ProcessRunner,
  workspace: string,
  attributes: readonly string[],
  paths: readonly string[],
): Promise<string[]> {
  const result = await runner.run({
    command: 'git',
    args: [...SAFE_CONFIGURATION.flatMap((setting) => ['-c', setting]), 'check-attr', '-z', '--stdin', ...attributes],
    cwd: workspace,
    env: READ_ONLY,
    stdin: Buffer.concat(paths.flatMap((path) => [pathToBytes(path), Buffer.of(0)])),
  });
  const fields = splitPaths(result.stdout);
  const found = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (fields[at + 2] !== 'unspecified' && fields[at + 2] !== 'unset') {
      found.add(fields[at] ?? '');
    }
  }
  return [...found];
}

function userGit(folder: string): SimpleGit {
  const inherited = Object.entries(scrubbedEnvironment()).filter(([name]) => INHERITED.test(name));
  return simpleGit({
    baseDir: folder,
    config: SAFE_CONFIGURATION,
    unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true },
    allowEnvironment: Object.keys(READ_ONLY),
  }).env({ ...Object.fromEntries(inherited), ...READ_ONLY });
}
