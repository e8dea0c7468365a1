import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';

export function homeFolder(): string {
  return homedir();
}

/** The home folder with all symlinks resolved, to be compared with the real path of a workspace folder. */
export async function realHomeFolder(): Promise<string> {
  return realpath(homedir()).catch(() => homedir());
}

/** The folder where programs keep a person's configuration, as the XDG base directory specification says. */
export function configurationFolder(): string {
  return process.env['XDG_CONFIG_HOME'] || `${homedir()}/.config`;
}
