import { stat } from 'node:fs/promises';

/** Text that is another one when the file may have changed, and empty when there is none. */
export async function fingerprint(path: string): Promise<string> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  if (facts === undefined) {
    return '';
  }
  const identity = `${facts.dev}:${facts.ino}`;
  // A folder's times change with everything that is done in it, which does not make it another folder.
  return facts.isDirectory() ? identity : `${identity}:${facts.size}:${facts.mtimeNs}:${facts.ctimeNs}`;
}
