import { execFile } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Ends on the signal that `incus stop` sends; busybox's own init ignores it. Made by hand because a stop must take a
 * fraction of a second and not the time until the daemon gives up.
 */
const INIT = `#!/bin/sh
trap 'exit 0' PWR TERM INT
while :; do sleep 100000 & wait $!; done
`;

const METADATA = `architecture: ${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}
creation_date: 1700000000
properties:
  description: busybox for tests
`;

const FOLDERS = ['bin', 'sbin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'root', 'run', 'usr/bin', 'var', 'workspace'];

/** Writes a container image of one megabyte to `${folder}/image.tar.gz` and returns its path. Root. */
export async function makeBusyboxImage(folder: string): Promise<string> {
  const root = `${folder}/image/rootfs`;
  for (const name of FOLDERS) {
    await fs.mkdir(`${root}/${name}`, { recursive: true });
  }
  await fs.copyFile('/bin/busybox', `${root}/bin/busybox`);
  await fs.chmod(`${root}/bin/busybox`, 0o755);
  const { stdout } = await execute('/bin/busybox', ['--list']);
  for (const applet of stdout.split('\n').filter((name) => name !== '' && name !== 'busybox' && name !== 'init')) {
    await fs.symlink('/bin/busybox', `${root}/bin/${applet}`);
  }
  await fs.writeFile(`${root}/sbin/init`, INIT, { mode: 0o755 });
  await fs.writeFile(`${root}/etc/passwd`, 'root:x:0:0:root:/root:/bin/sh\nagent:x:1000:1000::/root:/bin/sh\n');
  await fs.writeFile(`${root}/etc/group`, 'root:x:0:\nagent:x:1000:\n');
  await fs.writeFile(`${folder}/image/metadata.yaml`, METADATA);
  const image = `${folder}/image.tar.gz`;
  await execute('tar', ['-C', `${folder}/image`, '--owner=0', '--group=0', '-czf', image, 'metadata.yaml', 'rootfs']);
  return image;
}
