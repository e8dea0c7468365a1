import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type CommandLineSandbox, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { documents } from '../../support/commandLineSchemas.ts';
import { makeContainer } from '../../support/incus/incusWorkspace.ts';
import { useIncus } from '../../support/incus/useIncus.ts';

describe('The command line in the workspace of an Incus container', () => {
  const daemon = useIncus();
  let line: CommandLineSandbox;
  let container: string;
  let number = 0;

  beforeEach(async () => {
    number += 1;
    container = `clincus-${number}`;
    line = await makeCommandLineSandbox();
    await makeContainer(daemon(), container, { config: { 'user.clincus.workspace': line.workspace } });
  });

  afterEach(() => line.dispose());

  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const { code, stdout, stderr } = await line.run(args, { env: { INCUS_SOCKET: daemon().socket, ...env } });
    return `${stdout.toString('utf8')}${stderr}exit ${code}`;
  };
  const inside = (script: string): Promise<string> => daemon().exec(container, script);

  it('lists the container and its checkpoints, those of other tools too', async () => {
    assert.match(
      await run(['stores']),
      new RegExp(`^incus:${container} +${container} +running +Its label names this folder as its workspace\\.$`, 'm'),
    );
    await daemon().incus('snapshot', 'create', container, 'theirs');
    assert.match(await run(['create', 'ours', '--scope', 'sandbox']), /^Created "ours"/);
    assert.match(await run(['list']), /ours\n.*theirs +\(foreign\)\nexit 0$/);
  });

  it('restores it, stopped only with leave, and says what stays', async () => {
    await inside('echo old > /etc/state');
    await run(['create', 'one', '--scope', 'sandbox']);
    await inside('echo new > /etc/state');
    assert.equal(
      await run(['restore', 'one', '--yes']),
      `checkpoints: The container "${container}" is running. It must be stopped first (clincus container stop ${container}). ` +
        'Nothing was changed.\n  Add --stop to have it stopped for the restore and started again.\nexit 3',
    );
    assert.equal(await inside('cat /etc/state'), 'new\n');
    assert.match(await run(['restore', 'one', '--stop', '--yes']), /Restored .* it is running\..*exit 0$/s);
    assert.equal(await inside('cat /etc/state'), 'old\n');
    assert.match(await run(['list', '--store', `incus:${container}`]), /Before restoring one.*\n.*one\nexit 0$/);
  });

  it('takes the container that the environment names, and says when there is none of that name', async () => {
    const other = `other-${number}`;
    await makeContainer(daemon(), other, { stopped: true });
    const named = await run(['stores'], { CLINCUS_CONTAINER: other });
    assert.match(named, new RegExp(`incus:${other} .* It is named by the variable CLINCUS_CONTAINER\\.`));
    assert.match(
      await run(['stores'], { COI_CONTAINER: 'nope' }),
      /No sandbox: The container "nope" was not found\. Choose another container\.\nexit 0$/,
    );
  });

  it('keeps the documents of machines in their shape', async () => {
    const json = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await run(['--json', ...args])).replace(/exit 0$/, ''));
    const { checkpoint } = documents.create.parse(await json('create', 'one', '--scope', 'sandbox'));
    assert.deepEqual([checkpoint?.scope, checkpoint?.backend], [['sandbox'], 'incus']);
    documents.list.parse(await json('list'));
    const { stores, absence } = documents.stores.parse(await json('stores'));
    assert.deepEqual([stores.map(({ state }) => state), absence], [['ready', 'running'], null]);
    assert.deepEqual(await json('restore', 'one', '--dry-run'), {
      from: 'now',
      to: checkpoint?.id,
      changes: [],
      sandbox: {
        name: container,
        state: 'running',
        drift: [],
        laterCheckpoints: [],
        findings: [
          {
            severity: 'consent',
            code: 'notStopped',
            message: `The container "${container}" is running. It must be stopped first (clincus container stop ${container}).`,
          },
        ],
      },
    });
  });

  it('works as ever when Incus is not there', async () => {
    const env = { INCUS_SOCKET: '/nowhere/unix.socket' };
    assert.match(await run(['create', 'files'], env), /^Created "files"/);
    assert.match(await run(['stores'], env), /No sandbox: Incus is not running: there is no socket at/);
  });
});
