import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { acquireFileLock, LOCK_TIMING } from '../../../src/platform/fileLock.ts';

/** Counts up in a file as often as told, under a lock that now and then is left behind as by a death. */
const [path = '', rounds = '0'] = process.argv.slice(2);
const counter = `${dirname(path)}/count`;

for (let round = 0; round < Number(rounds); round += 1) {
  const lock = await acquireFileLock(path, { timeoutMs: 60_000, timing: { ...LOCK_TIMING, poll: 2 } });
  const count = Number(await fs.readFile(counter, 'utf8'));
  await lock.assertHeld();
  await fs.writeFile(counter, String(count + 1));
  if (round % 3 === 0) {
    // What a process that died leaves: all are free to take it over at once.
    await fs.writeFile(
      `${path}.dead`,
      JSON.stringify({ ...lock.owner, pid: 2 ** 22 + 1, token: `${lock.owner.token}-dead` }),
    );
    await fs.rename(`${path}.dead`, path);
  }
  await lock.release();
}
await acquireFileLock(path, { timeoutMs: 60_000 }).then((lock) => lock.release());
