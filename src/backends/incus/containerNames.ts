import { resolve } from 'node:path';
import { sha256Hex } from '../../platform/hash.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Length of the hash in the names that Clincus and COI give (their `internal/session/naming.go`). */
const HASH_LENGTH = 8;

/** The first eight hex digits of SHA-256 over the absolute path, without resolving symlinks. */
export function workspaceHash(folder: string): string {
  return sha256Hex(resolve(folder)).slice(0, HASH_LENGTH);
}

/** A container's slot where its name is the one that Clincus or COI gives for one of these folders. */
export function slotOf(name: string, folders: readonly string[], env: Environment): number | undefined {
  for (const prefix of prefixes(env)) {
    const [, hash, slot] = name.startsWith(prefix)
      ? (/^([a-f0-9]{8})-(\d+)$/.exec(name.slice(prefix.length)) ?? [])
      : [];
    if (hash !== undefined && folders.some((folder) => workspaceHash(folder) === hash)) {
      return Number(slot);
    }
  }
  return undefined;
}

/** The container that the environment names for the tools. */
export function containerFromEnvironment(env: Environment): { name: string; variable: string } | undefined {
  for (const variable of ['CLINCUS_CONTAINER', 'COI_CONTAINER']) {
    const name = env[variable];
    if (name) {
      return { name, variable };
    }
  }
  return undefined;
}

function prefixes(env: Environment): readonly string[] {
  return [env['CLINCUS_CONTAINER_PREFIX'] || 'clincus-', env['COI_CONTAINER_PREFIX'] || 'coi-'];
}
