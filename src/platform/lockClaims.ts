import { randomBytes } from 'node:crypto';
import { link, lstat, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './atomicFile.ts';
import { parseOwner, type LockOwner } from './lockOwner.ts';

/**
 * One link of the chain that begins at a lock file: who has, or has claimed, the lock. The chain goes on in the file
 * `LOCK.claim-TOKEN`, which somebody makes who found the owner with that token dead.
 */
export interface Claim {
  readonly token: string;
  /** Undefined for a file that is empty or torn. */
  readonly owner: LockOwner | undefined;
  /** Milliseconds since the epoch. */
  readonly heartbeat: number;
}

/** Empty when the lock is free; the last one is who matters. */
export async function readClaims(lock: string): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  let claim = await readClaim(lock);
  while (claim !== undefined) {
    claims.push(claim);
    claim = await readClaim(claimFile(lock, claim.token));
  }
  return claims;
}

/** Makes the lock file; false when there is one. */
export function createLock(lock: string, own: LockOwner): Promise<boolean> {
  return createExclusive(lock, own);
}

/**
 * Takes the lock from an abandoned owner, the last of the chain as it was `seen`; false when somebody else was faster.
 * Tokens never return, so that only one process ever claims one, and only that one may replace the lock file.
 */
export async function takeOverLock(lock: string, seen: readonly Claim[], own: LockOwner): Promise<boolean> {
  const last = seen.at(-1);
  if (last === undefined || !(await createExclusive(claimFile(lock, last.token), own))) {
    return false;
  }
  // The chain may have been cleared away between reading it and claiming its end; then the claim means nothing.
  const tokens = (await readClaims(lock)).map((claim) => claim.token);
  if (tokens.join() !== [...seen.map((claim) => claim.token), own.token].join()) {
    await unlink(claimFile(lock, last.token)).catch(() => undefined);
    return false;
  }
  await rename(await writeBeside(lock, own), lock);
  await removeOldClaims(lock, own);
  return true;
}

async function readClaim(file: string): Promise<Claim | undefined> {
  try {
    const [stat, text] = await Promise.all([lstat(file), readFile(file, 'utf8')]);
    const owner = parseOwner(text);
    return { token: owner?.token ?? `torn-${stat.ino}-${stat.mtimeMs}`, owner, heartbeat: stat.mtimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function claimFile(lock: string, token: string): string {
  return `${lock}.claim-${token}`;
}

/** Claims on tokens of former owners mean nothing once the chain begins with `own`. */
async function removeOldClaims(lock: string, own: LockOwner): Promise<void> {
  const prefix = claimFile(basename(lock), '');
  const names = await readdir(dirname(lock));
  // What ends so is a claim that somebody is about to make, who finds out alone that it means nothing.
  const isClaim = (name: string): boolean => name.startsWith(prefix) && !name.endsWith('.tmp');
  const old = names.filter((name) => isClaim(name) && name !== prefix + own.token);
  await Promise.all(old.map((name) => unlink(join(dirname(lock), name)).catch(() => undefined)));
}

/** The file appears complete, as a hard link to one that was written beside it. False when there is one. */
async function createExclusive(file: string, own: LockOwner): Promise<boolean> {
  const beside = await writeBeside(file, own);
  try {
    await link(beside, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    if (!NO_LINKS.includes(errorCode(error) ?? '')) {
      throw error;
    }
    return await createWithoutLinks(file, own);
  } finally {
    await unlink(beside).catch(() => undefined);
  }
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/** For file systems without hard links. A kill may leave an empty file, which counts as abandoned after a while. */
async function createWithoutLinks(file: string, own: LockOwner): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function writeBeside(file: string, own: LockOwner): Promise<string> {
  const beside = `${file}.${own.token}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(beside, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
  return beside;
}
