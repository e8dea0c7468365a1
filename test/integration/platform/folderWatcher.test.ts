import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { watchFolder } from '../../../src/platform/folderWatcher.ts';

describe('Watching a folder', () => {
  let root: string;
  let folder: string;
  let calls: number;
  let onCall: () => void = () => undefined;

  beforeEach(async () => {
    root = await fs.realpath(await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-test-`));
    folder = `${root}/watched`;
    calls = 0;
  });

  afterEach(() => fs.rm(root, { recursive: true, force: true }));

  const start = (): { dispose(): void } =>
    watchFolder(folder, () => {
      calls += 1;
      onCall();
    });

  const nextCall = (): Promise<void> =>
    new Promise((resolve) => {
      // The watcher itself keeps no process alive.
      const alive = setInterval(() => undefined, 1000);
      onCall = () => {
        clearInterval(alive);
        resolve();
      };
    });

  it('tells once of many changes at a time', async () => {
    await fs.mkdir(folder);
    const watcher = start();
    const called = nextCall();
    await Promise.all(Array.from({ length: 200 }, (_, index) => fs.writeFile(`${folder}/${index}`, '')));
    await called;
    watcher.dispose();
    assert.ok(calls < 10, `${calls} calls`);
  });

  it('begins when the folder appears, and goes on when it is replaced', async () => {
    const watcher = start();
    for (let round = 0; round < 2; round += 1) {
      let called = nextCall();
      await fs.mkdir(folder);
      await called;
      called = nextCall();
      await fs.writeFile(`${folder}/file`, '');
      await called;
      called = nextCall();
      await fs.rm(folder, { recursive: true });
      await called;
    }
    watcher.dispose();
  });
});
