import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  DEFAULT_CAPTURE_SETTINGS,
  readCaptureSettings,
  writeCaptureSettings,
} from '../../../src/backends/shadowGit/capture/captureSettingsFile.ts';

describe('the settings of a folder on disk', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`);
  });

  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  it('are what was written, no limit included', async () => {
    for (const maxUntrackedFileSize of [0, 1024, Infinity]) {
      const settings = { maxUntrackedFileSize, excludes: ['*.log', '/build'] };
      await writeCaptureSettings(folder, settings);
      assert.deepEqual(await readCaptureSettings(folder), settings);
    }
  });

  it('are the defaults where nothing, or nothing that makes sense, was written', async () => {
    assert.deepEqual(await readCaptureSettings(folder), DEFAULT_CAPTURE_SETTINGS);
    for (const text of ['', '{}', '{"format":1,"maxUntrackedFileSize":-1,"excludes":[]}', '{"format":2}']) {
      await fs.writeFile(`${folder}/settings.json`, text);
      assert.deepEqual(await readCaptureSettings(folder), DEFAULT_CAPTURE_SETTINGS);
    }
  });
});
