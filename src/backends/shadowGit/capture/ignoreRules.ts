/**
 * One exclude file made of all sources outside of the tree's own `.gitignore` files, in git's order of precedence: the
 * user's global one, the repository's `info/exclude`, and our setting. Patterns are those of gitignore(5).
 */
export function composeExcludes(sources: {
  readonly global: string;
  readonly repository: string;
  readonly setting: readonly string[];
  /** The workspace folder relative to the top of the work tree: empty, or ending with a slash. */
  readonly prefix: string;
}): string {
  const own = sources.setting.map((pattern) => anchorPattern(pattern, sources.prefix));
  return [sources.global, sources.repository, ...own]
    .filter((part) => part.trim() !== '')
    .map((part) => (part.endsWith('\n') ? part : `${part}\n`))
    .join('');
}

/** A pattern that is meant relative to the workspace folder, relative to the folder that `prefix` starts from. */
function anchorPattern(pattern: string, prefix: string): string {
  if (prefix === '') {
    return pattern;
  }
  const [, negation = '', body = ''] = /^(!?)(.*)$/s.exec(pattern) ?? [];
  if (body === '' || body.startsWith('#')) {
    return pattern;
  }
  const base = `/${prefix.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)}`;
  const isAnchored = body.slice(0, -1).includes('/');
  return isAnchored ? `${negation}${base}${body.replace(/^\//, '')}` : `${negation}${base}**/${body}`;
}
