import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { requireCapability } from '../../src/core/capabilities.ts';
import { startAfresh, type SurfaceUnderTest } from './surfaceUnderTest.ts';

const MAX_COUNT = 'snapshotTimeline.retention.maxCount';

describe('The disk use of checkpoints in VS Code', () => {
  let host: SurfaceUnderTest;

  beforeEach(async () => {
    host = await startAfresh();
  });

  afterEach(() => setLimit(undefined));

  const setLimit = async (limit: number | undefined): Promise<void> => {
    await vscode.workspace.getConfiguration().update(MAX_COUNT, limit, vscode.ConfigurationTarget.Global);
  };

  it('lists what each checkpoint costs, and prunes what the settings do not keep', async () => {
    const create = requireCapability(host.open.session.files.capabilities.create);
    for (const label of ['old', 'new', 'newest']) {
      host.write({ 'a.txt': randomBytes(label === 'old' ? 100_000 : 1000).toString('hex') });
      await create({ origin: 'auto', label });
    }
    await host.open.reload();
    const kept = await host.run('showDiskUse', [], undefined);
    assert.match(kept[0] ?? '', /^Disk Use: [\d.]+ .*B: What deleting each checkpoint alone would free$/);
    assert.equal(kept[1], '  $(check) Nothing to Prune | the rules of retention keep all 3 checkpoints');
    assert.match(kept[2] ?? '', /^ {2}old \| 1\d\d(\.\d)? kB · now$/);

    await setLimit(2);
    const offered = await host.run('showDiskUse', [], '$(trash) Prune…', true);
    assert.equal(offered[1], '  $(trash) Prune… | 1 checkpoint would go by the rules of retention');
    assert.match(offered[2] ?? '', /^ {2}old \| .* · now · would go: too many$/);
    assert.deepEqual(
      host.open.checkpoints.map(({ label }) => label),
      ['newest', 'new'],
    );
  });
});
