import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { isCheckpointError } from '../../../src/core/error.ts';
import { createProcessRunner, scrubbedEnvironment } from '../../../src/platform/processRunner.ts';

const runner = createProcessRunner();

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return isCheckpointError(error) ? `${error.reason}: ${error.message}` : String(error);
  }
}

/** Ids of the processes whose command line contains the marker, by the documented /proc layout. */
async function processesWith(marker: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map(async (id) => `${id} ${await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')}`),
  );
  return lines.filter((line) => line.includes(marker) && !line.startsWith(`${process.pid} `));
}

describe('the process runner', () => {
  it('hands arguments over as they are and returns bytes and messages apart', async () => {
    const script = 'process.stdout.write(process.argv[1]); process.stderr.write("note")';
    const result = await runner.run({ command: process.execPath, args: ['-e', script, '--', '$(id) "x"'] });
    assert.deepEqual([result.exitCode, result.stdout.toString(), result.stderr], [0, '$(id) "x"', 'note']);
  });

  it('gives each failure its reason', async () => {
    const fail = { command: 'sh', args: ['-c', 'echo broken >&2; exit 3'] };
    assert.deepEqual(
      await Promise.all([
        reasonOf(runner.run({ command: 'no-such-program', args: [] })),
        reasonOf(runner.run(fail)),
        reasonOf(runner.run({ ...fail, okExitCodes: [3] })),
        reasonOf(runner.run({ command: 'sleep', args: ['60'], timeoutMs: 50 })),
        reasonOf(runner.run({ command: 'sleep', args: ['60'], signal: AbortSignal.timeout(50) })),
      ]),
      [
        'notInstalled: The program "no-such-program" was not found.',
        'commandFailed: "sh echo broken >&2; exit 3" failed: broken',
        'no error',
        'timedOut: sleep did not answer in 50 ms.',
        'cancelled: sleep was cancelled.',
      ],
    );
  });

  it('ends the children of a process that it stops', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    const marker = `61.${process.pid}`;
    const stuck = { command: 'sh', args: ['-c', `sleep ${marker} & sleep ${marker}`], timeoutMs: 200 };
    assert.equal((await reasonOf(runner.run(stuck))).split(':')[0], 'timedOut');
    assert.deepEqual(await processesWith(marker), []);
  });

  it('talks to a process while it runs', async () => {
    const cat = runner.start({ command: 'cat', args: [] });
    cat.stdin.end('one\n');
    const chunks: Buffer[] = [];
    for await (const chunk of cat.stdout) {
      chunks.push(chunk as Buffer);
    }
    assert.equal(Buffer.concat(chunks).toString(), 'one\n');
    assert.equal((await cat.ended).exitCode, 0);
  });

  it('passes no variable on that would redirect git', () => {
    const environment = scrubbedEnvironment({ GIT_DIR: '/x', git_index_file: '/y', HOME: '/home/me', LC_ALL: 'de' });
    assert.deepEqual(environment, { HOME: '/home/me', LC_ALL: 'C' });
  });
});
