import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import type { IncusDetection } from '../../../src/backends/incus/detectIncus.ts';
import { workspaceHash } from '../../../src/backends/incus/containerNames.ts';
import { detect, makeContainer } from '../../support/incus/incusWorkspace.ts';
import { useIncus } from '../../support/incus/useIncus.ts';

describe('Looking for the containers of a folder', () => {
  const daemon = useIncus();
  const open: IncusDetection[] = [];
  let number = 0;

  const look = async (folder: string, options: Parameters<typeof detect>[2] = {}): Promise<string> => {
    const detection = await detect(daemon(), folder, options);
    open.push(detection);
    const lines = detection.containers.map(({ id, state, why }) => `${id} ${state}: ${why}`);
    return [
      ...lines,
      ...(detection.problem === undefined ? [] : [`${detection.problem.reason}: ${detection.problem.message}`]),
    ].join('\n');
  };
  async function folder(): Promise<string> {
    number += 1;
    const path = `${daemon().folder}/folder-${number}`;
    await fs.mkdir(path);
    return path;
  }

  afterEach(() => open.splice(0).forEach((each) => each.dispose()));

  it('finds none for a folder without one, and says so', async () => {
    assert.equal(await look(await folder()), 'notFound: No container has this folder as its workspace.');
  });

  it('finds them by label, by mounted folder and by name, in every state and slot', async () => {
    const path = await folder();
    const hash = workspaceHash(path);
    await makeContainer(daemon(), 'labelled', { stopped: true, config: { 'user.clincus.workspace': path } });
    await makeContainer(daemon(), `coi-${hash}-2`, { stopped: true });
    await makeContainer(daemon(), 'session-demo', { workspace: path });
    await makeContainer(daemon(), `clincus-${workspaceHash('/elsewhere')}-1`, { stopped: true });
    assert.equal(
      await look(path),
      [
        `incus:coi-${hash}-2 stopped: Its name is made from the path of this folder (slot 2).`,
        'incus:labelled stopped: Its label names this folder as its workspace.',
        'incus:session-demo running: This folder is mounted in it at /workspace.',
      ].join('\n'),
    );
  });

  it('does not believe a name against a label or a mount', async () => {
    const path = await folder();
    const other = await folder();
    await makeContainer(daemon(), `clincus-${workspaceHash(path)}-1`, { stopped: true, workspace: other });
    assert.equal(await look(path), 'notFound: No container has this folder as its workspace.');
  });

  it('takes the chosen one before the one of the environment, and both before the folder', async () => {
    const path = await folder();
    await makeContainer(daemon(), 'of-folder', { stopped: true, workspace: path });
    await makeContainer(daemon(), 'of-env', { stopped: true });
    await makeContainer(daemon(), 'of-choice', { stopped: true });
    const env = { COI_CONTAINER: 'of-env' };
    assert.equal(await look(path, { env }), 'incus:of-env stopped: It is named by the variable COI_CONTAINER.');
    assert.equal(
      await look(path, { env, chosen: 'of-choice' }),
      'incus:of-choice stopped: It was chosen in the settings.',
    );
    assert.equal(await look(path, { env, chosen: 'nope' }), 'notFound: The container "nope" was not found.');
  });

  it('finds them in other projects, or only in the one that is asked for', async () => {
    const path = await folder();
    await daemon().incus('project', 'create', 'team', '-c', 'features.images=false', '-c', 'features.profiles=false');
    await daemon().incus('create', '-q', 'bb', 'there', '--project', 'team');
    await daemon().incus('config', 'set', 'there', `user.clincus.workspace=${path}`, '--project', 'team');
    const found = 'incus:team/there stopped: Its label names this folder as its workspace.';
    const none = 'notFound: No container has this folder as its workspace.';
    assert.deepEqual(
      [
        await look(path),
        await look(path, { project: 'team' }),
        await look(path, { env: { INCUS_PROJECT: 'default' } }),
      ],
      [found, found, none],
    );
  });

  it('says quietly that there is no Incus', async () => {
    const socket = `${daemon().folder}/nobody.socket`;
    assert.equal(
      await look('/x', { env: { INCUS_SOCKET: socket } }),
      `notInstalled: Incus is not running: there is no socket at ${socket}.`,
    );
  });
});
