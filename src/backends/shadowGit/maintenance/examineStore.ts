import type { OperationContext } from '../../../core/operationContext.ts';
import type { DoctorReport, Finding, InterruptedRestore } from '../../../core/store.ts';
import { factsOf, freeSpace } from '../../../platform/dataFiles.ts';
import { damagedCheckpoints } from './damagedCheckpoints.ts';
import type { GitVersion } from '../git/gitVersion.ts';
import { folderBytes } from './diskUse.ts';
import { findLeftovers } from './leftoverFiles.ts';
import { findMovedCheckpoints, movedText } from './movedCheckpoints.ts';
import type { StoreParts } from '../storeParts.ts';

export interface Examined extends StoreParts {
  readonly gitVersion: GitVersion;
  readonly interrupted: () => Promise<InterruptedRestore | undefined>;
}

const LITTLE_SPACE = 200 << 20;
const PRIVATE_FOLDER = 0o700;

/** Looks at everything that can be wrong with a store, and changes nothing. */
export async function examineStore(parts: Examined, context?: OperationContext): Promise<DoctorReport> {
  const lock = await examineLock(parts);
  const findings = [
    ok('gitVersion', `git ${parts.gitVersion.text} is new enough.`),
    await examineFolder(parts),
    ...(await examineMove(parts)),
    lock,
    await examineRestore(parts),
    await examineLeftovers(parts),
    await examineRefs(parts),
    await examineJournal(parts),
    ...(await examineObjects(parts, context)),
    await examineDiskUse(parts),
    await examineFreeSpace(parts),
  ];
  return { findings };
}

function ok(code: string, message: string): Finding {
  return { severity: 'ok', code, message, repairable: false };
}

async function examineFolder({ repository }: Examined): Promise<Finding> {
  const mode = (await factsOf(repository.dataFolder))?.mode ?? 0;
  const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0;
  return isPrivate
    ? ok('folderMode', 'Only you can read the data folder.')
    : {
        severity: 'warning',
        code: 'folderMode',
        message: `Others may look into the data folder: its mode is ${mode.toString(8)} instead of ${PRIVATE_FOLDER.toString(8)}.`,
        repairable: true,
      };
}

async function examineMove({ repository }: Examined): Promise<Finding[]> {
  const moved = await findMovedCheckpoints(repository);
  return moved === undefined
    ? []
    : [{ severity: 'warning', code: 'movedFolder', message: movedText(moved), repairable: true }];
}

async function examineLock({ lock }: Examined): Promise<Finding> {
  const found = await lock.inspect();
  switch (found.state) {
    case 'free':
      return ok('lock', 'Nobody is using the store.');
    case 'held':
      return ok('lock', `The store is in use by process ${found.owner?.pid ?? '(unknown)'}.`);
    case 'stale':
      return {
        severity: 'warning',
        code: 'staleLock',
        message: 'A process that no longer runs left its lock behind. The next use of the store removes it.',
        repairable: true,
      };
  }
}

async function examineRestore({ interrupted }: Examined): Promise<Finding> {
  const found = await interrupted();
  return found === undefined
    ? ok('restore', 'No restore was interrupted.')
    : {
        severity: 'warning',
        code: 'interruptedRestore',
        message: `A restore of ${found.paths.length} paths, begun at ${found.startedAt}, was interrupted: finish it or roll it back.`,
        repairable: false,
      };
}

async function examineLeftovers({ lock, repository, clock }: Examined): Promise<Finding> {
  // While somebody works in the store, its temporary files are in use.
  const found = await lock.tryRun(() => findLeftovers(repository.dataFolder, clock.now().getTime()));
  return found === undefined || found.length === 0
    ? ok('leftovers', 'There are no leftover temporary files.')
    : {
        severity: 'warning',
        code: 'leftovers',
        message: `There are ${found.length} temporary files that a killed process left behind.`,
        repairable: true,
      };
}

async function examineRefs({ catalog }: Examined): Promise<Finding> {
  const torn = await catalog.torn();
  return torn.length === 0
    ? ok('refs', 'No checkpoint has lost its ref.')
    : {
        severity: 'warning',
        code: 'tornRef',
        message: `The refs of ${torn.length} checkpoints were torn, as by a power cut; the journal still knows them.`,
        repairable: true,
      };
}

async function examineJournal({ catalog }: Examined): Promise<Finding> {
  return (await catalog.needsSave())
    ? {
        severity: 'warning',
        code: 'journal',
        message: 'The journal does not agree with the checkpoints; it is only a cache and can be made again.',
        repairable: true,
      }
    : ok('journal', 'The journal agrees with the checkpoints.');
}

async function examineObjects(parts: Examined, context?: OperationContext): Promise<Finding[]> {
  const { checkpoints, unreadable } = await parts.catalog.read();
  const damaged = await damagedCheckpoints(parts.repository, checkpoints, context);
  const findings = [
    ...unreadable.map((id) => damage(`The checkpoint ${id} cannot be read at all.`)),
    ...damaged.map(({ metadata: { id, label } }) =>
      damage(`The checkpoint ${id} ("${label}") lacks objects: it cannot be restored completely.`),
    ),
  ];
  return findings.length > 0 ? findings : [ok('objects', `All ${checkpoints.length} checkpoints are complete.`)];
}

function damage(message: string): Finding {
  return { severity: 'error', code: 'missingObject', message, repairable: false };
}

async function examineDiskUse({ repository, catalog }: Examined): Promise<Finding> {
  const bytes = await folderBytes(repository.dataFolder);
  const { length } = (await catalog.read()).checkpoints;
  const each = length === 0 ? '' : `, ${inUnits(bytes / length)} per checkpoint`;
  return ok('diskUse', `The store takes ${inUnits(bytes)}${each}.`);
}

async function examineFreeSpace({ repository }: Examined): Promise<Finding> {
  const bytes = await freeSpace(repository.dataFolder);
  return bytes >= LITTLE_SPACE
    ? ok('freeSpace', `There is ${inUnits(bytes)} left on the disk.`)
    : {
        severity: 'warning',
        code: 'freeSpace',
        message: `Only ${inUnits(bytes)} is left on the disk that holds the checkpoints.`,
        repairable: false,
      };
}

function inUnits(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) {
    value /= 1024;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
