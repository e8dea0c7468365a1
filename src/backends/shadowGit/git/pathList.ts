import { pathFromBytes } from '../../../platform/pathBytes.ts';

/** The paths in output of git's `-z`: each ends with a zero byte. */
export function splitPaths(output: Buffer): string[] {
  const text = output.toString('utf8');
  if (!text.includes('\uFFFD')) {
    return text.split('\0').slice(0, -1);
  }
  const paths: string[] = [];
  for (let at = 0, end = output.indexOf(0); end !== -1; end = output.indexOf(0, at)) {
    paths.push(pathFromBytes(output.subarray(at, end)));
    at = end + 1;
  }
  return paths;
}
