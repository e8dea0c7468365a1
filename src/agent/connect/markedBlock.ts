const BEGIN = '# >>> checkpoints';
const END = '# <<< checkpoints';
/** With the line feed before it where it has none after it: then it was added to a last line without one. */
const BLOCK = new RegExp(String.raw`(?:(?:\r?\n)?[ ]*${BEGIN}\r?\n[^]*?${END}$)|(?:[ ]*${BEGIN}\r?\n[^]*?${END}\r?\n)`);

/** The lines between marks. */
export function markedLines(lines: readonly string[]): readonly string[] {
  return [BEGIN, ...lines, END];
}

/** The line ends of a text. */
export function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The text with the lines, between marks, at its end; undefined is a file that is not there. */
export function appendBlock(text: string | undefined, lines: readonly string[]): string {
  const eol = lineEnd(text ?? '');
  const block = markedLines(lines).join(eol);
  if (text === undefined || text.endsWith('\n')) {
    return `${text ?? ''}${block}${eol}`;
  }
  return text === '' ? block : `${text}${eol}${block}`;
}

/** The text without the marked lines; undefined when nothing is left of a file that was made for them. */
export function removeBlock(text: string): string | undefined {
  const block = BLOCK.exec(text)?.[0];
  if (block === undefined) {
    return text;
  }
  return block === text && text.endsWith('\n') ? undefined : text.replace(block, '');
}
