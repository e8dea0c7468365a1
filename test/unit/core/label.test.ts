import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { automaticName, freeName, NAME_RULE, nameFromLabel, normalizeLabel } from '../../../src/core/label.ts';

describe('names and labels', () => {
  it('are automatic by local time', () => {
    assert.equal(automaticName(new Date(2025, 0, 2, 3, 4, 5)), 'snap-20250102-030405');
    assert.match(automaticName(new Date(2025, 11, 31, 23, 59, 59)), NAME_RULE);
  });

  it('keep a title on one line, without control characters, at 200 characters', () => {
    const shown = ['  a\tb\r\nc  ', 'x\u001b[31mred', 'a\u2028b', '\uD800lone', '😀'.repeat(201), ' \n '].map(
      normalizeLabel,
    );
    assert.deepEqual(shown, ['a b c', 'x [31mred', 'a b', 'lone', '😀'.repeat(200), '']);
  });

  it('make a name of a title', () => {
    const titles = ['kept_As-is', 'Before refactor!', 'Élan vital', '日本', '--x--', 'a..b', '..', 'x'.repeat(80)];
    assert.deepEqual(titles.map(nameFromLabel), [
      'kept_As-is',
      'Before-refactor',
      'Elan-vital',
      '',
      'x',
      'a-b',
      '',
      'x'.repeat(64),
    ]);
  });

  it('keep the rule whatever the title is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const name = nameFromLabel(text);
        assert.ok(name === '' || NAME_RULE.test(name), name);
      }),
    );
  });

  it('get a number when they are taken, within the rule and its length', () => {
    const long = 'x'.repeat(64);
    const names = [
      freeName('a', new Set()),
      freeName('a', new Set(['a', 'a-2'])),
      freeName(long, new Set([long])),
      freeName(`${'x'.repeat(61)}-yz`, new Set([`${'x'.repeat(61)}-yz`])),
    ];
    assert.deepEqual(names, ['a', 'a-3', `${'x'.repeat(62)}-2`, `${'x'.repeat(61)}-2`]);
    assert.ok(names.every((name) => NAME_RULE.test(name)));
  });

  it('are never made from a base that breaks the rule', () => {
    for (const base of ['', '-a', 'a b', '..']) {
      assert.throws(() => freeName(base, new Set()), { reason: 'usage' });
    }
  });
});
