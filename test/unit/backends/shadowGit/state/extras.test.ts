import assert from 'node:assert/strict';
import { COMMON_MODES, parseExtras, serializeExtras } from '../../../../../src/backends/shadowGit/state/extras.ts';
import type { Extras } from '../../../../../src/backends/shadowGit/state/extras.ts';

const EXTRAS: Extras = {
  defaults: { ...COMMON_MODES, file: 0o664 },
  modes: new Map([
    ['b', 0o600],
    ['__proto__', 0o640],
    ['10', 0o4755],
    ['\udcff', 0o400],
  ]),
  emptyFolders: new Map([['hollow', 0o700]]),
  folderModes: new Map(),
  skipped: [
    { path: 'z', reason: 'tooLarge', size: 7 },
    { path: 'a', reason: 'socket' },
  ],
};

describe('the extras of a state', () => {
  it('come back from their bytes, whatever the paths are called', () => {
    const parsed = parseExtras(serializeExtras(EXTRAS));
    assert.deepEqual(parsed, { ...EXTRAS, skipped: EXTRAS.skipped.toReversed() });
  });

  it('have the same bytes in whatever order they were found', () => {
    const reversed = {
      ...EXTRAS,
      modes: new Map([...EXTRAS.modes].toReversed()),
      skipped: EXTRAS.skipped.toReversed(),
    };
    assert.equal(serializeExtras(reversed).toString(), serializeExtras(EXTRAS).toString());
  });

  for (const text of [
    '',
    '[]',
    '{"format":2}',
    '{"format":1,"defaults":{"file":"9","executable":"755","folder":"755"}}',
  ]) {
    it(`are refused when they are ${text || 'empty'}`, () => {
      assert.throws(() => parseExtras(Buffer.from(text)));
    });
  }
});
