import { access, constants } from 'node:fs/promises';
import { errorCode } from './atomicFile.ts';

/** Whether this process may talk to a unix socket, as far as its path tells: nobody may be listening. */
export async function socketAccess(path: string): Promise<'allowed' | 'denied' | 'missing'> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'allowed';
  } catch (error) {
    return errorCode(error) === 'EACCES' ? 'denied' : 'missing';
  }
}
