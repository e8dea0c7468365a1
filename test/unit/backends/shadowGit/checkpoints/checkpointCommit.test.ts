import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decodeCommit,
  encodeCommit,
  type CheckpointMetadata,
} from '../../../../../src/backends/shadowGit/checkpoints/checkpointCommit.ts';
import { isCheckpointError } from '../../../../../src/core/error.ts';
import { normalizeLabel } from '../../../../../src/core/label.ts';
import { metadata } from '../../../../support/storeLines.ts';

const ROOT = 'a'.repeat(40);

describe('the commit of a checkpoint', () => {
  it('has the label as subject, then the metadata as one line of JSON, and fixed identities', () => {
    const said = metadata(1, { label: 'Before the refactoring', createdAt: '2026-01-02T03:04:05.678Z' });
    assert.equal(
      encodeCommit(ROOT, said).toString('utf8'),
      [
        `tree ${ROOT}`,
        'author Snapshot Timeline <checkpoints@localhost> 1767323045 +0000',
        'committer Snapshot Timeline <checkpoints@localhost> 1767323045 +0000',
        '',
        'Before the refactoring',
        '',
        JSON.stringify(said),
        '',
      ].join('\n'),
    );
  });

  it('gives back what was said, whatever text people use', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '"', '\\', '\uD800', '\0', ' ') });
    fc.assert(
      fc.property(text, text, fc.boolean(), (label, note, pinned) => {
        const said: CheckpointMetadata = metadata(7, { label: normalizeLabel(label), note, pinned });
        assert.deepEqual(decodeCommit(encodeCommit(ROOT, said)), { root: ROOT, metadata: said });
      }),
    );
  });

  it('is refused as corrupt when it is not one of ours', () => {
    const bodies = ['', `tree ${ROOT}\n\nsubject\n`, `tree ${ROOT}\n\nx\n\n{"format":2}\n`, '\n\n{}'];
    const refused = bodies.map((body) => {
      try {
        decodeCommit(Buffer.from(body));
        return 'accepted';
      } catch (error) {
        return isCheckpointError(error, 'corrupt') ? 'corrupt' : String(error);
      }
    });
    assert.deepEqual(refused, ['corrupt', 'corrupt', 'corrupt', 'corrupt']);
  });
});
