import { readFileSync } from 'node:fs';
import { pathFromBytes } from './pathBytes.ts';

const REPLACEMENT = '\uFFFD';

/**
 * The arguments that this program was started with, bytes that are not UTF-8 as in paths. Node itself replaces such bytes,
 * so they are looked up where the system shows the command line as it was given.
 */
export function commandArguments(argv: readonly string[] = process.argv): readonly string[] {
  const given = argv.slice(2);
  if (!given.some((argument) => argument.includes(REPLACEMENT))) {
    return given;
  }
  const raw = readCommandLine();
  return raw.length < given.length ? given : raw.slice(raw.length - given.length);
}

/** Arguments of this process as proc(5) shows them, each ended by NUL; none where there is no such file. */
function readCommandLine(): readonly string[] {
  try {
    return pathFromBytes(readFileSync('/proc/self/cmdline')).split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
