import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  ageText,
  countsSentence,
  firstLines,
  localTime,
  sizeText,
  table,
  visible,
  visibleLines,
} from '../../../src/cli/text.ts';

describe('text for people', () => {
  it('shows what could play tricks on a terminal as escapes', () => {
    const tricks = [
      '\u001B[31mred\u0007',
      'a\nb\tc\rd',
      '\u009B2J',
      'a\u202Egnp.exe',
      '\uDCFF\uDC80',
      'soft\u00ADhyphen',
      '\u007F',
    ];
    assert.deepEqual(tricks.map(visible), [
      '\\e[31mred\\x07',
      'a\\nb\\tc\\rd',
      '\\x9b2J',
      'a\\u{202e}gnp.exe',
      '\\xff\\x80',
      'soft\\xadhyphen',
      '\\x7f',
    ]);
  });

  it('leaves every other text alone', () => {
    const plain = 'Ünïcödé 日本 👨‍👩‍👧 "quoted" \\ ~+-';
    assert.equal(visible(plain), plain);
    assert.deepEqual(visibleLines('a\r\nb\u001B\nc'), ['a', 'b\\e', 'c']);
  });

  it('aligns columns by what a terminal shows', () => {
    const rows = [
      ['a', 'x', 'last'],
      ['日本', '\u001B[31mred\u001B[39m', 'end'],
      ['🐛', '', ''],
    ];
    assert.deepEqual(table(rows), ['a     x    last', '日本  \u001B[31mred\u001B[39m  end', '🐛']);
  });

  it('counts in words', () => {
    const counts = [
      { added: 1, modified: 0, deleted: 2 },
      { added: 0, modified: 0, deleted: 0 },
    ];
    assert.deepEqual(counts.map(countsSentence), ['1 added, 2 deleted', 'nothing changed']);
  });

  it('cuts long lists, but not by a single line', () => {
    assert.deepEqual(firstLines(['a', 'b', 'c'], 2), ['a', 'b', 'c']);
    assert.deepEqual(firstLines(['a', 'b', 'c', 'd'], 2), ['a', 'b', '… and 2 more']);
  });

  it('tells ages, times and sizes', () => {
    const now = new Date(2025, 0, 31, 10, 20, 30);
    const ages = [1, 59, 60, 3599, 7200, 86_400 * 3, 86_400 * 15, 86_400 * 70, 86_400 * 800, -120].map((seconds) =>
      ageText(new Date(now.getTime() - seconds * 1000), now),
    );
    assert.deepEqual(ages, [
      'just now',
      'just now',
      '1 minute ago',
      '59 minutes ago',
      '2 hours ago',
      '3 days ago',
      '2 weeks ago',
      '2 months ago',
      '2 years ago',
      'in 2 minutes',
    ]);
    assert.deepEqual([localTime(now), localTime(now, 'seconds')], ['2025-01-31 10:20', '2025-01-31 10:20:30']);
    assert.deepEqual([0, 1023, 1024, 1536, 10 * 1024 ** 2, 3 * 1024 ** 4].map(sizeText), [
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 KiB',
      '10 MiB',
      '3 TiB',
    ]);
  });
});
