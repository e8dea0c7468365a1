import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { slotOf, workspaceHash } from '../../../../src/backends/incus/containerNames.ts';
import {
  detectContainers,
  type FolderQuestion,
  TEMPORARY_KEY,
} from '../../../../src/backends/incus/detectContainers.ts';
import { wireInstance } from '../../../support/incus/fakeIncus.ts';

type Instance = Parameters<typeof wireInstance>[0];

const FOLDER = '/home/user/my-project';

function found(instances: readonly Instance[], question: Partial<FolderQuestion> = {}): readonly string[] {
  const detection = detectContainers(instances.map(wireInstance), { folders: [FOLDER], env: {}, ...question });
  return [
    ...detection.found.map(({ id }) => id),
    ...(detection.missing === undefined ? [] : [`missing ${detection.missing}`]),
  ];
}
const mount = (source: string, device = 'workspace') => ({
  root: { type: 'disk', path: '/', pool: 'p' },
  [device]: { type: 'disk', source, path: '/workspace' },
});

describe('The name of a container', () => {
  it('has the hash that Clincus and COI make from the path', () => {
    assert.deepEqual(['/home/user/my-project', '/srv/code/app', '/srv/./code/../code/app/'].map(workspaceHash), [
      'c7e2f75b',
      '99bd4c7c',
      '99bd4c7c',
    ]);
  });

  it('tells the slot, with the prefixes that the environment gives', () => {
    const slot = (name: string, env = {}) => slotOf(name, ['/x', FOLDER], env);
    assert.deepEqual(
      [
        slot('clincus-c7e2f75b-1'),
        slot('coi-c7e2f75b-10'),
        slot('my.c7e2f75b-2', { CLINCUS_CONTAINER_PREFIX: 'my.' }),
        slot('clincus-c7e2f75b-1', { CLINCUS_CONTAINER_PREFIX: 'my.' }),
        slot('clincus-c7e2f7-1'),
        slot('clincus-99bd4c7c-1'),
        slot('myXc7e2f75b-2', { CLINCUS_CONTAINER_PREFIX: 'my.' }),
      ],
      [1, 10, 2, undefined, undefined, undefined, undefined],
    );
  });
});

describe('The containers of a folder', () => {
  it('are all that match, by its path or the one without symlinks', () => {
    const instances = [
      { name: 'clincus-c7e2f75b-2' },
      { name: 'clincus-c7e2f75b-1' },
      { name: `coi-${workspaceHash('/real')}-1` },
      { name: 'session', expanded_devices: mount('/real') },
      { name: 'other', expanded_devices: mount('/other') },
    ];
    assert.deepEqual(found(instances, { folders: [FOLDER, '/real'] }), [
      'incus:clincus-c7e2f75b-1',
      'incus:clincus-c7e2f75b-2',
      `incus:coi-${workspaceHash('/real')}-1`,
      'incus:session',
    ]);
  });

  it('are just the one that it has', () => {
    assert.deepEqual(found([{ name: 'coi-99bd4c7c-1' }, { name: 'clincus-c7e2f75b-1' }]), ['incus:clincus-c7e2f75b-1']);
  });

  it('are not those whose label or workspace mount names another folder', () => {
    const instances = [
      { name: 'clincus-c7e2f75b-1', expanded_config: { 'user.clincus.workspace': '/other' } },
      { name: 'clincus-c7e2f75b-2', expanded_devices: mount('/other') },
      { name: 'clincus-c7e2f75b-3', expanded_devices: mount('/cache', 'mount-0') },
    ];
    assert.deepEqual(found(instances), ['incus:clincus-c7e2f75b-3']);
  });

  it('are not our temporary copies', () => {
    const copy = { name: 'copy', config: { [TEMPORARY_KEY]: '1' }, expanded_devices: mount(FOLDER) };
    assert.deepEqual(found([copy]), []);
    assert.deepEqual(found([copy], { chosen: 'copy' }), ['missing copy']);
  });

  it('of a name that several projects have are all of them', () => {
    const instances = [{ name: 'c' }, { name: 'c', project: 'team' }];
    assert.deepEqual(found(instances, { chosen: 'c' }), ['incus:c', 'incus:team/c']);
  });

  it('are those of the environment before those of the folder', () => {
    const instances = [{ name: 'clincus-c7e2f75b-1' }, { name: 'x' }];
    assert.deepEqual(
      [found(instances, { env: { CLINCUS_CONTAINER: 'x' } }), found(instances, { env: { COI_CONTAINER: 'nope' } })],
      [['incus:x'], ['missing nope']],
    );
  });
});
