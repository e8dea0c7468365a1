/**
 * Everything of git that could change what is captured or touch anything but the store, pinned. Names and values are
 * those of git-config(1) and git(1).
 */

/** The environment of every git command on a store, on top of one without any inherited `GIT_` variable. */
export const STORE_ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Highest precedence of all attributes: the bytes on disk are what is captured. */
export const STORE_ATTRIBUTES = '* -text -eol -filter -ident -working-tree-encoding\n';

/** Names and files that a checkout by git would refuse, but that a folder can hold: we write them back ourselves. */
const TOLERATED = {
  hasDotgit: 'ignore',
  gitmodulesSymlink: 'ignore',
  gitmodulesUrl: 'ignore',
  gitmodulesPath: 'ignore',
  gitmodulesUpdate: 'ignore',
};

/** The store's whole `config` file. */
export function storeConfig(platform: string): string {
  const posix = platform !== 'win32';
  const sections: Sections = {
    core: {
      repositoryFormatVersion: 0,
      bare: true,
      fileMode: posix,
      symlinks: true,
      ignoreCase: !posix || platform === 'darwin',
      precomposeUnicode: false,
      protectHFS: false,
      protectNTFS: false,
      trustCtime: true,
      checkStat: 'default',
      autocrlf: false,
      safecrlf: false,
      quotePath: false,
      preloadIndex: true,
      fsmonitor: false,
      untrackedCache: false,
      splitIndex: false,
      hooksPath: '/dev/null',
      attributesFile: '/dev/null',
      excludesFile: '/dev/null',
      logAllRefUpdates: false,
      longPaths: true,
    },
    index: { skipHash: false, threads: true },
    gc: { auto: 0 },
    maintenance: { auto: false },
    commit: { gpgSign: false },
    tag: { gpgSign: false },
    fsck: TOLERATED,
  };
  return renderSections(sections);
}

type Sections = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

function renderSections(sections: Sections): string {
  return Object.entries(sections)
    .map(([section, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `\t${key} = ${value}\n`);
      return `[${section}]\n${lines.join('')}`;
    })
    .join('');
}
