// Run by itself: installs what the tests with Incus need.
import { execFile } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { promisify } from 'node:util';
import { exists, findDaemon } from './installedIncus.ts';

const execute = promisify(execFile);

/** Debian packages of a daemon without virtual machines, its client, and what the tests' image and pools need. */
const INCUS_PACKAGES = ['incus-base', 'incus-client', 'btrfs-progs', 'busybox-static', 'uidmap', 'attr'];

const BACKPORTS_LIST = '/etc/apt/sources.list.d/snapshot-timeline-backports.list';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const POLICY = '/usr/sbin/policy-rc.d';

/** One program of each package besides the daemon's. */
const PROGRAMS = ['/usr/bin/incus', '/usr/bin/btrfs', '/usr/bin/busybox', '/usr/bin/newuidmap', '/usr/bin/setfattr'];

/** Installs Incus from Debian's archive (Debian 12: from its backports). Needs root; changes nothing when it is there. */
async function installIncus(): Promise<void> {
  const present = await Promise.all([findDaemon(), ...PROGRAMS.map(exists)]);
  if (present.every(Boolean)) {
    return;
  }
  console.log('Installing Incus …');
  await run('apt-get', ['update', '-qq']);
  const suite = await backportsSuite();
  const removePolicy = await keepServicesFromStarting();
  try {
    const packages = INCUS_PACKAGES.map((name) => (name.startsWith('incus-') ? `${name}${suite}` : name));
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  } finally {
    await removePolicy();
  }
}

async function backportsSuite(): Promise<string> {
  const release = await fs.readFile('/etc/os-release', 'utf8');
  if (!release.includes('VERSION_CODENAME=bookworm')) {
    return '';
  }
  if ((await run('apt-cache', ['madison', 'incus-base'])).trim() === '') {
    const archive = (
      await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Origin: Debian', 'Label: Debian'])
    ).split('\n')[0];
    await fs.writeFile(BACKPORTS_LIST, `deb [signed-by=${KEYRING}] ${archive} bookworm-backports main\n`);
    await run('apt-get', ['update', '-qq']);
  }
  return '/bookworm-backports';
}

/** Where no service manager runs, the packages' scripts must not try to start the system's own daemon. */
async function keepServicesFromStarting(): Promise<() => Promise<void>> {
  if ((await exists('/run/systemd/system')) || (await exists(POLICY))) {
    return async () => undefined;
  }
  await fs.writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => fs.rm(POLICY);
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (await execute(command, [...args], { env, maxBuffer: 1 << 26 })).stdout;
}

await installIncus();
