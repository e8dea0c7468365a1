import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'mocha';

const TEST = resolve(import.meta.dirname, '../../..');
const STORE = 'integration/incus/incusStore.test.ts';
const RESTORE = 'integration/incus/sandboxRestore.test.ts';
const DETECT = 'integration/incus/detectIncus.test.ts';
const CONTAINERS = 'unit/backends/incus/detectContainers.test.ts';
const REQUESTS = 'unit/backends/incus/incusRequests.test.ts';
const CLIENT = 'unit/backends/incus/incusClient.test.ts';
const RESTORER = 'unit/backends/incus/sandboxRestorer.test.ts';
const FAULTS = 'integration/incus/incusChanges.test.ts';
const LINE = 'integration/incus/commandLine.test.ts';
const LINE_UNIT = 'unit/cli/sandbox.test.ts';
const HOST = 'host/incus.test.ts';
const FILES = 'integration/restore/restoreHazards.test.ts';

/** What the test suites of Clincus and COI check of snapshots, and which of our tests is meant to check the same. */
const TABLE: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'CL-01 the only container of a folder': [CONTAINERS, 'are just the one that it has'],
  'CL-02 no container': [DETECT, 'finds none for a folder without one, and says so'],
  'CL-02 is told to a person': [
    LINE,
    'takes the container that the environment names, and says when there is none of that name',
  ],
  'CL-03 several containers': [DETECT, 'finds them by label, by mounted folder and by name, in every state and slot'],
  'CL-03 a command asks for one': [LINE_UNIT, 'is chosen by --store where there are several'],
  'CL-04 a chosen container': [
    DETECT,
    'takes the chosen one before the one of the environment, and both before the folder',
  ],
  'CL-05 the environment chooses': [
    DETECT,
    'takes the chosen one before the one of the environment, and both before the folder',
  ],
  'CL-06 choice before environment': [
    DETECT,
    'takes the chosen one before the one of the environment, and both before the folder',
  ],
  'CL-07 a chosen container that is missing': [
    DETECT,
    'takes the chosen one before the one of the environment, and both before the folder',
  ],
  'CL-08 automatic name': [
    STORE,
    'get the local time as their name when nobody gives one, several within a second too',
  ],
  'CL-09 given name': [STORE, 'are created with the name that people give, and listed newest first'],
  'CL-10 taken name': [STORE, 'are refused under a name that is taken, and the first one stays'],
  'CL-11 several in a row': [
    STORE,
    'get the local time as their name when nobody gives one, several within a second too',
  ],
  'CL-12 empty name': [STORE, 'get the local time as their name when nobody gives one, several within a second too'],
  'CL-13 entries of the list': [STORE, 'keep container, name, time and stateful flag for machines'],
  'CL-14 model for machines': [STORE, 'keep container, name, time and stateful flag for machines'],
  'CL-15 no snapshots': [STORE, 'are none at first'],
  'CL-16 no containers at all': [LINE, 'works as ever when Incus is not there'],
  'CL-17 malformed answer': [CLIENT, 'never takes an answer that it does not understand for an empty one'],
  'CL-18 info': [STORE, 'keep container, name, time and stateful flag for machines'],
  'CL-19 unknown snapshot': [STORE, 'that are unknown are not found, and then nothing is deleted'],
  'CL-20 a command without a target asks, and leaving does nothing': [
    HOST,
    'is asked about its own checkpoints where several stores have some, and not where files are needed',
  ],
  'CL-21 wrong arguments': [LINE_UNIT, 'goes back as a whole'],
  'CL-22 running container': [
    RESTORE,
    'is refused while it runs or is paused, naming it and how to stop it, and nothing changes',
  ],
  'CL-23 stopped container': [RESTORE, 'leaves a stopped one stopped and asks nothing'],
  'CL-24 deleted file comes back': [
    RESTORE,
    'stops, restores and starts it as one operation, with the state before as a checkpoint',
  ],
  'CL-25 workspace files stay': [
    RESTORE,
    'stops, restores and starts it as one operation, with the state before as a checkpoint',
  ],
  'CL-25 is said before': [HOST, 'is restored after a question that says what it means, and only then'],
  'CL-26 session data of the tool': [
    RESTORE,
    'stops, restores and starts it as one operation, with the state before as a checkpoint',
  ],
  'CL-27 first of three states': [RESTORE, 'goes back to any of several states'],
  'CL-28 modes': [RESTORE, 'stops, restores and starts it as one operation, with the state before as a checkpoint'],
  'CL-29 delete one': [STORE, 'are deleted one by one and all together, the others stay'],
  'CL-30 others stay': [STORE, 'are deleted one by one and all together, the others stay'],
  'CL-31 delete all': [STORE, 'are deleted one by one and all together, the others stay'],
  'CL-32 delete all of none': [STORE, 'are deleted one by one and all together, the others stay'],
  'CL-33 one and all': [LINE_UNIT, 'is left alone by a command that names both one and all'],
  'CL-34 every state but stopped': [
    RESTORE,
    'is refused while it runs or is paused, naming it and how to stop it, and nothing changes',
  ],
  'CL-35 names that are paths': [REQUESTS, 'is never made for a name that is another path to the server'],
  'CL-36 what is listed counts': [
    STORE,
    'with names that only Incus allows are listed and deleted, or the reason is told',
  ],
  'CL-37 an empty list': [STORE, 'are none at first'],
  'CL-38 path, real path, label, mount': [CONTAINERS, 'are all that match, by its path or the one without symlinks'],
  'CL-39 drift': [RESTORE, 'tells beforehand what it does not hold and which settings and devices go back'],
  'CL-40 never deletes a container': [RESTORER, 'stops, keeps the present state, restores and starts'],
  'CL-41 not persistent': [RESTORE, 'warns when its tool may delete it while it is stopped'],
  'CL-42 stateful': [STORE, 'with memory are refused with the reason where the container cannot have them'],
  'CL-43 protected files': [FILES, 'restores everything but an immutable file, whose reason it tells'],
  'CL-44 ZFS': [RESTORER, 'on ZFS asks before later checkpoints are deleted'],
  'vanished container': [STORE, 'cannot be reached after their container is gone, and it says so'],
  'hung daemon': [FAULTS, 'ends the wait for an operation when it hangs in the middle'],
};

describe('Each check of snapshots by Clincus and COI', () => {
  it('is named with a test of ours that is there; whether it checks the same is for readers to judge', () => {
    const missing = Object.entries(TABLE).filter(([, [file, title]]) => {
      const source = readFileSync(resolve(TEST, file), 'utf8');
      return !source.includes(`it('${title}'`);
    });
    assert.deepEqual(missing, []);
  });
});
