import { parse } from 'smol-toml';
import { CheckpointError } from '../../core/error.ts';
import { appendBlock, removeBlock } from './markedBlock.ts';

/**
 * The text with these lines at its end, between marks. A table may always come last in TOML.
 * @throws CheckpointError `conflict` when the result would be no TOML, as where a table is there already.
 */
export function addTomlBlock(text: string | undefined, lines: readonly string[]): string {
  const result = appendBlock(removeTomlBlock(text), lines);
  requireToml(result);
  return result;
}

/** The text without them; undefined when nothing is left of a file that was made. */
export function removeTomlBlock(text: string | undefined): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  requireToml(text);
  return removeBlock(text);
}

function requireToml(text: string): void {
  try {
    parse(text);
  } catch (cause) {
    throw new CheckpointError('conflict', 'The file is not the TOML that was expected, or has this server already.', {
      hint: 'Mend it first, or write the configuration by hand.',
      cause,
    });
  }
}
