const NEEDS_QUOTES = /[\p{C}\p{Zl}\p{Zp}"\\]|^\s|\s$/u;
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A path or title on one line of text. One with odd characters is quoted and escaped as in JSON, so that nothing in it can
 * pass for something else, and a model can give it back as it is.
 */
export function printable(text: string): string {
  return NEEDS_QUOTES.test(text) ? JSON.stringify(text).replaceAll(INVISIBLE, escaped) : text;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
