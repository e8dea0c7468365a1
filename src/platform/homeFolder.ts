import { homedir } from 'node:os';

export function homeFolder(): string {
  return homedir();
}

/** The folder where programs keep a person's configuration, as the XDG base directory specification says. */
export function configurationFolder(): string {
  return process.env['XDG_CONFIG_HOME'] || `${homedir()}/.config`;
}
