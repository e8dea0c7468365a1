import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');

/** Where tests are, from `test/`. */
const FILES = {
  app: 'unit/app/restoreFiles.test.ts',
  automatic: 'unit/app/automatic/automaticCheckpoints.test.ts',
  capture: 'integration/shadowGit/capture.test.ts',
  captureHazards: 'integration/shadowGit/captureHazards.test.ts',
  captureProperty: 'integration/shadowGit/captureProperty.test.ts',
  cli: 'integration/cli/commands.test.ts',
  cliHazards: 'integration/cli/hazards.test.ts',
  dockerAgent: 'integration/dockerAgent/dockerAgentStore.test.ts',
  faults: 'integration/shadowGit/storeFaults.test.ts',
  fileRestorer: 'integration/restore/fileRestorer.test.ts',
  fullDisk: 'integration/shadowGit/storeFullDisk.test.ts',
  hazards: 'integration/shadowGit/hazards.test.ts',
  hostRestore: 'host/restore.test.ts',
  interruption: 'integration/restore/interruption.test.ts',
  journal: 'unit/backends/shadowGit/checkpoints/journal.test.ts',
  keepCaptures: 'integration/dockerAgent/keepCaptures.test.ts',
  keeping: 'contract/keeping.ts',
  listing: 'contract/listing.ts',
  lock: 'integration/platform/fileLock.test.ts',
  looking: 'contract/looking.ts',
  manifest: 'unit/manifest.test.ts',
  moved: 'integration/shadowGit/movedFolder.test.ts',
  processes: 'integration/platform/processRunner.test.ts',
  prune: 'unit/app/prune.test.ts',
  repack: 'integration/shadowGit/storeRepack.test.ts',
  restoreHazards: 'integration/restore/restoreHazards.test.ts',
  restoreKilled: 'integration/restore/restoreKilled.test.ts',
  restoring: 'contract/restoring.ts',
  seed: 'integration/shadowGit/seed.test.ts',
  shared: 'integration/shadowGit/storeShared.test.ts',
  store: 'integration/shadowGit/store.test.ts',
  storeHazards: 'integration/shadowGit/storeHazards.test.ts',
  storeKilled: 'integration/shadowGit/storeKilled.test.ts',
  surroundings: 'ui/surroundings.test.ts',
  undo: 'unit/app/undo.test.ts',
  watcher: 'integration/platform/folderWatcher.test.ts',
  whole: 'integration/restore/wholeProtocol.test.ts',
  writer: 'integration/restore/workspaceWriter.test.ts',
} as const;

type Place = keyof typeof FILES;

/** A title in one of the files; `…` stands for what a template fills in. */
type Proof = readonly [Place, string];

/** Ways in which checkpoint tools have lost work, filled disks or silently stopped, and what would fail here. */
const HAZARDS: Readonly<Record<string, readonly Proof[]>> = {
  'HZ-01 a nested repository becomes a link without content': [
    ['captureHazards', 'captures nested repositories by content, again and again, without touching them'],
    ['seed', 'of … holds what is on disk and leaves the repository as it was'],
  ],
  'HZ-02 a failed step keeps an old state under a new name': [
    ['hazards', 'makes no checkpoint when any step of it fails, and a whole one the next time'],
    ['captureHazards', 'captures nested repositories by content, again and again, without touching them'],
  ],
  'HZ-03 nested repositories are renamed for a while': [
    ['captureHazards', 'captures nested repositories by content, again and again, without touching them'],
    ['whole', 'goes from any state back to any checkpoint and forth, exactly, and touches nothing else'],
  ],
  'HZ-04 attributes change bytes': [
    ['seed', 'of … holds what is on disk and leaves the repository as it was'],
    ['captureHazards', 'takes nothing over from variables and configuration that redirect git or run programs'],
  ],
  'HZ-05 configuration hides edits': [
    ['hazards', 'sees edits that git is told not to look for'],
    ['captureHazards', 'takes nothing over from variables and configuration that redirect git or run programs'],
  ],
  'HZ-06 inherited variables redirect git': [
    ['captureHazards', 'takes nothing over from variables and configuration that redirect git or run programs'],
    ['processes', 'passes no variable on that would redirect git'],
    ['cli', 'is not led astray by variables of git'],
  ],
  'HZ-07 hooks and configured programs run': [
    ['hazards', 'runs nothing that is configured, and needs no identity'],
    ['captureHazards', 'takes nothing over from variables and configuration that redirect git or run programs'],
  ],
  'HZ-08 the home folder is captured for hours': [
    ['captureHazards', 'refuses … with the home folder …'],
    ['captureHazards', 'stops when it is told to, leaves nothing behind, and works the next time'],
    ['automatic', 'give up after the budget, tell it, and try again after ever longer pauses until one is done'],
  ],
  'HZ-09 everything is hashed again': [['hazards', 'reads only what may have changed since the last checkpoint']],
  'HZ-10 caches and data sets are captured': [
    [
      'captureHazards',
      'skips and reports files over the limit that are not tracked, and keeps those of exactly the limit',
    ],
    ['captureHazards', 'follows rules that come, go and are tracked against'],
  ],
  'HZ-11 a built-in list leaves files out': [['hazards', 'leaves nothing out by a list of its own']],
  'HZ-12 what changes, vanishes or cannot be read is fatal or silent': [
    ['hazards', 'reads a file again that changed while it was read, and says so when that never ends'],
    ['captureHazards', 'reports what cannot be read, captures the rest, and has it again when it can be read'],
    ['captureHazards', 'reports sockets and pipes, as long as they are there'],
    ['captureHazards', 'never reads through a folder that became a symlink'],
  ],
  'HZ-13 odd names': [
    ['looking', 'takes every name literally'],
    ['restoring', 'gives back files of any name'],
    ['captureProperty', 'is what "git add --all" makes of the folder, edit after edit, with a … index'],
    ['cliHazards', 'takes names with line breaks, leading dashes and bytes that are not UTF-8'],
  ],
  'HZ-14 tracked and ignored at once, and rules that change': [
    ['captureHazards', 'follows rules that come, go and are tracked against'],
    ['fileRestorer', 'never deletes what other rules leave out in …, although git has come to track it'],
  ],
  'HZ-15 unusual repositories': [['seed', 'of … holds what is on disk and leaves the repository as it was']],
  'HZ-16 edits within one tick of the clock': [
    ['looking', 'sees an edit that keeps the size and the time'],
    ['captureProperty', 'is what "git add --all" makes of the folder, edit after edit, with a … index'],
  ],
  'HZ-17 no identity, empty checkpoint, clean wipe': [
    ['hazards', 'runs nothing that is configured, and needs no identity'],
    ['hazards', 'makes no checkpoint when any step of it fails, and a whole one the next time'],
  ],
  'HZ-20 a clean deletes untracked work': [
    ['whole', 'goes from any state back to any checkpoint and forth, exactly, and touches nothing else'],
    ['restoreHazards', 'never removes a folder that holds a file which no checkpoint has'],
  ],
  'HZ-21 ignore rules go back in time first': [
    ['fileRestorer', 'never deletes what the ignore rules of the target leave out, nor what they protect now'],
    ['app', 'keeps what could not be captured, what the target had skipped and what it ignored'],
  ],
  'HZ-22 a newer clone is deleted': [
    ['fileRestorer', 'leaves a nested clone that was made after the checkpoint with its repository'],
  ],
  'HZ-23 skipped files are deleted': [
    ['fileRestorer', 'never deletes a file that the target had skipped, and never writes over one that is skipped now'],
  ],
  'HZ-24 every file is rewritten': [
    ['writer', 'turns any tree into any other, to the byte, bit and link, and touches nothing else'],
  ],
  'HZ-25 a killed restore leaves a mix': [
    ['interruption', 'ends exactly at the target or exactly where it began, whichever operation it was killed at'],
    ['interruption', 'ends so as well when the recovery is killed, and the other way is taken then'],
    ['restoreKilled', 'leaves what the next one ends exactly at one of both checkpoints, wherever the kill came'],
    ['storeHazards', 'keeps the checkpoints that an interrupted restore needs to be ended'],
  ],
  'HZ-26 an edit is overwritten without a word': [
    ['app', 'checks, offers to save editors, captures, plans, asks, remembers and only then touches files'],
    ['restoring', 'is taken back by restoring the safety checkpoint'],
    ['restoreHazards', 'leaves a file that was edited after the safety checkpoint, and restores the others'],
    ['restoreHazards', 'loses nothing that another program writes all the time'],
    ['restoreHazards', 'keeps an edit that happens right before any …'],
  ],
  'HZ-27 nobody can use the safety point': [
    ['app', 'gives the target back, reports each path and lists the safety checkpoint with what was there'],
  ],
  'HZ-28 a symlinked parent leads outside': [
    ['restoreHazards', 'never goes through a symlink that took the place of a folder'],
    ['restoring', 'swaps files, folders and links for each other'],
  ],
  'HZ-29 one file aborts everything': [
    ['restoreHazards', 'restores everything but an immutable file, whose reason it tells'],
    ['restoreHazards', 'replaces read-only files and works in a folder whose permissions it restores'],
  ],
  'HZ-30 permission bits and empty folders are lost': [
    ['restoring', 'gives back bytes, modes, links and empty folders, and removes what was not there'],
    ['capture', 'holds files, links, permission bits and empty folders of … files'],
    ['storeHazards', 'lists folders only when they are empty or change their bits, in a folder of mode …'],
  ],
  'HZ-31 another folder is written to': [
    ['hazards', 'keeps linked work trees of one repository, and folders of one window, apart'],
    ['hostRestore', 'of a folder touches only that folder'],
    ['surroundings', 'the view keeps their checkpoints apart and asks which folder is meant'],
  ],
  'HZ-32 unsaved editors': [['hostRestore', 'saves unsaved editors first, so that they come back by undo']],
  'HZ-33 no preview, no question': [
    ['hostRestore', 'shows its plan as a multi-file diff when a preview is wanted, and can go on from there'],
    ['restoring', 'plans from the folder as it is, without changing anything'],
  ],
  'HZ-40 states without a ref vanish': [
    ['hazards', 'survives that somebody collects garbage in it'],
    ['store', 'keeps each checkpoint as a parentless commit under its own ref'],
  ],
  'HZ-41 borrowed objects vanish': [
    ['seed', 'of a clean repository writes next to nothing and survives the loss of the repository'],
  ],
  'HZ-42 litter after a kill': [
    ['storeKilled', 'keeps every finished checkpoint, goes on at once and leaves no litter'],
    ['faults', 'finds and repairs leftovers, a stale lock, an open folder and an outdated journal'],
    [
      'storeHazards',
      'finds and removes what a process left in the data folder that was killed outside of the lock, once it is old',
    ],
  ],
  'HZ-43 space is never given back': [
    ['faults', 'gives the space of deleted checkpoints back, but not what is younger than an hour'],
    ['faults', 'gives the space of deleted checkpoints back that were packed'],
    [
      'repack',
      'drops what comparisons with the folder as it was left behind, however little or large, once it is an hour old',
    ],
    ['repack', 'joins packs when there are many'],
  ],
  'HZ-44 stale locks stay, live ones are stolen': [
    ['lock', 'is taken over from an owner that is dead, and from none that may live'],
    ['lock', 'is taken over when it is empty and old, and waited for when it is empty and new'],
    ['lock', 'has one winner at a time among processes that race for a stale one, again and again'],
  ],
  'HZ-45 two windows and the command line': [
    ['hazards', 'loses nothing when two windows and the command line work at the same time'],
    ['shared', 'loses nothing when two windows create at the same time'],
  ],
  'HZ-46 the disk is full': [
    ['fullDisk', 'says so, keeps what it had and goes on when there is space again'],
    ['fullDisk', 'still deletes when not a byte is left, with … refs'],
    ['fullDisk', 'keeps every checkpoint when a repack finds no space'],
    ['restoreHazards', 'restores what fits on a full disk and leaves the rest as it was'],
  ],
  'HZ-47 a damaged object': [
    ['faults', 'names the checkpoints with a corrupt object, and all others still work'],
    ['faults', 'finds a truncated pack, and goes on'],
    ['storeHazards', 'lists checkpoints whose ref was torn, and writes the refs again'],
  ],
  'HZ-48 the folder is moved': [
    ['moved', 'finds the checkpoints of a folder that was moved, and adopts them when it is told to'],
  ],
  'HZ-49 metadata that lists every path': [
    ['journal', 'stays limited: lists of the oldest checkpoints give way first'],
  ],
  'HZ-50 silently off': [
    ['automatic', 'give up after the budget, tell it, and try again after ever longer pauses until one is done'],
    ['surroundings', 'the view says that git is needed and leads to its setting'],
  ],
  'HZ-51 a program hangs': [
    ['processes', 'ends the children of a process that it stops'],
    ['processes', 'gives each failure its reason'],
  ],
  'HZ-52 git is missing or too old': [['faults', 'says what to do when git is missing or too old']],
  'HZ-53 thousands of events': [
    ['watcher', 'tells once of many changes at a time'],
    ['automatic', 'wait until a burst of changes is over, but not for ever'],
  ],
  'HZ-54 a thousand checkpoints': [
    ['faults', 'packs refs when there are many, and lists 1,000 checkpoints without a process for each'],
  ],
  'HZ-55 others can read the store': [['hazards', 'keeps everything to its owner, whatever the umask']],
};

/** What a store of workspace files has to do. */
const CONFORMANCE: Readonly<Record<string, readonly Proof[]>> = {
  'DA-01 added, modified and deleted together': [
    ['restoring', 'gives back bytes, modes, links and empty folders, and removes what was not there'],
  ],
  'DA-02 exec bit and symlink target': [
    ['restoring', 'gives back bytes, modes, links and empty folders, and removes what was not there'],
  ],
  'DA-03 names with blanks, brackets, dashes': [['restoring', 'gives back files of any name']],
  'DA-04 names with quotes, tabs, line breaks': [['restoring', 'gives back files of any name']],
  'DA-05 names that look like patterns': [
    ['restoring', 'touches only the given files and folders, by their literal names'],
    ['looking', 'takes every name literally'],
  ],
  'DA-06 files at the size limit': [
    [
      'captureHazards',
      'skips and reports files over the limit that are not tracked, and keeps those of exactly the limit',
    ],
  ],
  'DA-07 ignored files': [
    ['captureHazards', 'follows rules that come, go and are tracked against'],
    ['whole', 'goes from any state back to any checkpoint and forth, exactly, and touches nothing else'],
  ],
  'DA-08 empty folders': [
    ['restoring', 'gives back bytes, modes, links and empty folders, and removes what was not there'],
  ],
  'DA-09 nested repositories and submodules': [
    ['captureHazards', 'captures nested repositories by content, again and again, without touching them'],
    ['seed', 'of … holds what is on disk and leaves the repository as it was'],
  ],
  'DA-10 exact bytes': [
    ['seed', 'of … holds what is on disk and leaves the repository as it was'],
    ['looking', 'gives back the bytes that were there, of files and of links'],
  ],
  'DA-11 a failed capture is an error': [
    ['hazards', 'makes no checkpoint when any step of it fails, and a whole one the next time'],
    ['lock', 'tells who is waited for and stops waiting when it is cancelled'],
  ],
  'DA-12 a folder inside a repository': [
    ['hazards', 'keeps linked work trees of one repository, and folders of one window, apart'],
    ['seed', 'of … holds what is on disk and leaves the repository as it was'],
  ],
  'DA-13 linked work trees': [
    ['hazards', 'keeps linked work trees of one repository, and folders of one window, apart'],
  ],
  'DA-14 a folder without git': [['capture', 'holds files, links, permission bits and empty folders of … files']],
  'DA-15 the user’s repository is untouched': [
    ['whole', 'goes from any state back to any checkpoint and forth, exactly, and touches nothing else'],
    ['fileRestorer', 'never writes to the repository of the user'],
  ],
  'DA-16 no change, no checkpoint': [['listing', 'makes nothing when asked only for a change and there is none']],
  'DA-17 two processes on one folder': [
    ['hazards', 'loses nothing when two windows and the command line work at the same time'],
  ],
  'DA-18 repeated undo': [['undo', 'go back and forth over several restores']],
  'DA-19 nothing to undo': [['undo', 'say so when there is nothing to undo or to redo']],
  'DA-20 undo beside a restore': [
    ['app', 'refuses to begin while an earlier restore is interrupted, without capturing anything'],
    ['cliHazards', 'says whom it waits for, and goes on when the wait is over'],
  ],
  'DA-21 back to any state': [
    ['restoring', 'swaps files, folders and links for each other'],
    ['restoring', 'plans nothing where nothing differs'],
  ],
  'DA-22 file to folder and back': [
    ['restoring', 'swaps files, folders and links for each other'],
    ['fileRestorer', 'leaves a nested clone that was made after the checkpoint with its repository'],
  ],
  'DA-23 one failing file stops nothing': [
    ['restoreHazards', 'restores everything but an immutable file, whose reason it tells'],
    ['restoring', 'leaves a path alone that changed after the safety checkpoint, and does the others'],
  ],
  'DA-24 redo': [['undo', 'keep an edit that an undo overwrites in the safety checkpoint, to which redo returns']],
  'DA-25 files edited since': [
    ['undo', 'name the paths that were edited since, below a path as well'],
    ['hostRestore', 'saves unsaved editors first, so that they come back by undo'],
  ],
  'DA-26 only files are touched': [
    ['whole', 'goes from any state back to any checkpoint and forth, exactly, and touches nothing else'],
  ],
  'DA-27 each entry tells what it holds': [['listing', 'tells of each what was said, whose it is and what changed']],
  'DA-28 checkpoints survive a restart': [['listing', 'is the same when it is opened again']],
  'DA-29 clean-up removes nothing that is needed': [
    ['prune', 'deletes what the plan names and nothing else'],
    ['prune', 'keeps what an interrupted restore needs to be ended'],
    ['storeHazards', 'keeps the checkpoints that an interrupted restore needs to be ended'],
  ],
  'DA-30 commands that cannot work': [
    ['manifest', 'that can destroy something are disabled where the store cannot do it'],
    ['manifest', 'are hidden from the palette when they make no sense without a row'],
  ],
  'DA-31 import of foreign trees': [
    ['dockerAgent', 'are all listed, the newest included, with time and counts'],
    ['dockerAgent', 'keep their times and their order when git packs them'],
    ['keepCaptures', 'makes one checkpoint of ours of a capture, at its place in time, that outlives it'],
  ],
  'DA-32 foreign repositories are not written to': [
    ['keepCaptures', 'restores a capture, undoes that, and writes nothing to any other repository'],
    ['dockerAgent', 'that were cleaned up are no longer available, and the others stay'],
  ],
};

describe('Every known way to lose work', () => {
  const proofs = Object.entries({ ...HAZARDS, ...CONFORMANCE });

  it('has its number, none left out', () => {
    const numbers = (prefix: string, ...spans: readonly [number, number][]): string[] =>
      spans.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, index) => `${prefix}-${String(from + index).padStart(2, '0')}`),
      );
    assert.deepEqual(
      proofs.map(([name]) => name.slice(0, 5)),
      [...numbers('HZ', [1, 17], [20, 33], [40, 55]), ...numbers('DA', [1, 32])],
    );
  });

  it('has a test that would fail', () => {
    const titles = new Map(Object.keys(FILES).map((place) => [place, titlesIn(FILES[place as Place])]));
    const missing = proofs.flatMap(([name, tests]) =>
      tests.filter(([place, title]) => !titles.get(place)?.has(title)).map((test) => [name, ...test]),
    );
    assert.deepEqual(missing, []);
    assert.deepEqual(
      proofs.filter(([, tests]) => tests.length === 0),
      [],
    );
  });
});

/** The titles of the tests and promises in a file, with `…` for what is filled in. */
function titlesIn(path: string): Set<string> {
  const source = readFileSync(resolve(PROJECT, 'test', path), 'utf8');
  const literals = source.matchAll(/\b(?:it|promised)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return new Set([...literals].map(([, , title = '']) => title.replaceAll(/\$\{(?:[^{}`]|`[^`]*`)*\}/g, '…')));
}
