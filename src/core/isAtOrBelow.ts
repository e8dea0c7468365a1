/** Whether a path is one of these, or in a folder that is one of them. The empty path is the workspace folder. */
export function isAtOrBelow(path: string, roots: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (roots.has(path.slice(0, end))) {
      return true;
    }
  }
  return roots.has('');
}
