import { promises as fs } from 'node:fs';

const DAEMONS = ['/usr/libexec/incus/incusd', '/usr/lib/incus/incusd', '/opt/incus/bin/incusd'];

/** Where the daemon is; undefined when it is not installed. */
export async function findDaemon(): Promise<string | undefined> {
  for (const path of DAEMONS) {
    if (await exists(path)) {
      return path;
    }
  }
  return undefined;
}

/** Unprivileged containers need a large range of subordinate ids for root. */
export async function ensureSubordinateIds(): Promise<void> {
  for (const file of ['/etc/subuid', '/etc/subgid']) {
    const text = await fs.readFile(file, 'utf8').catch(() => '');
    if (!/^root:/m.test(text)) {
      await fs.appendFile(file, 'root:1000000:1000000000\n');
    }
  }
}

export async function exists(path: string): Promise<boolean> {
  return fs.access(path).then(
    () => true,
    () => false,
  );
}
