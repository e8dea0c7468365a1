/** A part of a long text, counted in UTF-16 units. */
export interface PageRequest {
  readonly start_index: number;
  readonly max_length: number;
}

/**
 * The part of a text that was asked for. What is whole comes as it is; a part begins with three lines that say which part
 * it is and how to go on (the form that Capsem's snapshot tools use). A character is never split.
 */
export function page(text: string, { start_index, max_length }: PageRequest): string {
  const start = boundary(text, Math.min(start_index, text.length));
  const end = Math.max(boundary(text, Math.min(start + max_length, text.length)), nextBoundary(text, start));
  if (start === 0 && end === text.length) {
    return text;
  }
  const next =
    end < text.length ? `Use start_index=${end} to continue.` : 'This is the end: there is nothing more to read.';
  return `Content length: ${text.length}\nShowing: ${start}..${end}\n${next}\n\n${text.slice(start, end)}`;
}

/** `index`, or the one before it when it is between the two halves of a character. */
function boundary(text: string, index: number): number {
  return isInsideCharacter(text, index) ? index - 1 : index;
}

/** The end of the character at `index`, so that a page always gets on. */
function nextBoundary(text: string, index: number): number {
  const next = Math.min(index + 1, text.length);
  return isInsideCharacter(text, next) ? next + 1 : next;
}

function isInsideCharacter(text: string, index: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(index - 1, 0), index + 1));
}
