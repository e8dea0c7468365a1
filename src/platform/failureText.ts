import { CheckpointError } from '../core/error.ts';
import { errorCode } from './atomicFile.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EPERM: 'The system does not permit it: the file may be protected or immutable',
  EROFS: 'The file system is read-only',
  ENOSPC: 'No space is left on the disk',
  EDQUOT: 'The disk quota is used up',
  EBUSY: 'Another program uses it',
  ETXTBSY: 'It is a program that is running',
  EIO: 'The disk reported an error',
  ENAMETOOLONG: 'The file system does not allow such a long name',
  EILSEQ: 'The file system does not allow such a name',
  EINVAL: 'The file system does not allow that',
  ENOTEMPTY: 'The folder is not empty',
  ENOENT: 'It vanished meanwhile',
};

/** Why a path could not be restored, as a sentence for people; system errors keep their code. */
export function failureText(error: unknown): string {
  if (error instanceof CheckpointError) {
    return error.message;
  }
  const code = errorCode(error);
  const sentence = code === undefined ? undefined : SENTENCES[code];
  if (sentence !== undefined) {
    return `${sentence} (${code}).`;
  }
  return error instanceof Error ? error.message : String(error);
}
