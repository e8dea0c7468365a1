import { randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who holds a lock: enough to tell whether that process still lives. */
export interface LockOwner {
  /** Random and never used again. */
  readonly token: string;
  readonly pid: number;
  /** Start time of the process in the system's own unit, so that a reused pid is not taken for it; empty where unknown. */
  readonly started: string;
  /** Changes with each start of the machine; empty where unknown. */
  readonly boot: string;
  /** The machine, and where it matters the container on it, in which `pid` means something. */
  readonly host: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What can be said of an owner without waiting. `unknown`: it runs elsewhere, so only its heartbeat can tell. */
export type OwnerState = 'alive' | 'dead' | 'unknown';

export async function describeThisProcess(): Promise<LockOwner> {
  const [started, boot, host] = await Promise.all([processStart(process.pid), bootId(), hostId()]);
  return {
    token: randomBytes(12).toString('hex'),
    pid: process.pid,
    started: started ?? '',
    boot,
    host,
    since: new Date().toISOString(),
  };
}

export async function ownerState(owner: LockOwner): Promise<OwnerState> {
  const [boot, host] = await Promise.all([bootId(), hostId()]);
  if (machine(owner.host) === machine(host) && owner.boot !== boot) {
    return 'dead';
  }
  if (owner.host !== host) {
    return 'unknown';
  }
  if (!processExists(owner.pid)) {
    return 'dead';
  }
  const started = await processStart(owner.pid);
  if (owner.started === '' || started === undefined) {
    return 'unknown';
  }
  return started === owner.started ? 'alive' : 'dead';
}

/** Undefined for a text that is empty, torn or not ours. */
export function parseOwner(text: string): LockOwner | undefined {
  let owner: Partial<LockOwner> | null;
  try {
    owner = JSON.parse(text) as Partial<LockOwner> | null;
  } catch {
    return undefined;
  }
  const texts = [owner?.token, owner?.started, owner?.boot, owner?.host, owner?.since];
  const complete = texts.every((value) => typeof value === 'string') && Number.isSafeInteger(owner?.pid);
  return complete ? (owner as LockOwner) : undefined;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Field 22 of /proc/PID/stat, as proc(5) describes it; undefined where there is no such file. */
async function processStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The second field is the program's name in parentheses and may hold blanks and parentheses itself.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '')).trim();
}

/** Machine and pid namespace, apart by a blank. Names alone do not do: many machines are called the same. */
async function hostId(): Promise<string> {
  const [machineId, pidNamespace] = await Promise.all([
    readFile('/etc/machine-id', 'latin1').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return `${hostname()}/${machineId.trim()} ${pidNamespace}`;
}

function machine(host: string): string {
  return host.slice(0, host.indexOf(' '));
}
